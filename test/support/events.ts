import type { Api } from './api.ts';

/** An event as a client has read it. */
export interface ReadEvent {
  readonly event: string;
  readonly id: string;
  // As ApiAnswer's body: tests look into it freely.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly data: any;
}

interface StreamRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Opens a stream. What it says is read as it comes. */
export async function openStream(api: Api, { method = 'GET', path, headers, body, signal }: StreamRequest) {
  const response = await fetch(api.url + path, {
    method,
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  return { response, events: eventsOf(response) };
}

/** The events of a stream until it ends, as the standard reads them (WHATWG HTML, 9.2.6). */
export async function* eventsOf(response: Response): AsyncGenerator<ReadEvent> {
  if (!response.body) return;
  let text = '';
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))) {
    text += chunk;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = toEvent(text.slice(0, end));
      text = text.slice(end + 2);
      if (event) yield event;
    }
  }
}

function toEvent(block: string): ReadEvent | null {
  const fields = new Map(
    block.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trimStart()];
    }),
  );
  const data = fields.get('data');
  if (data === undefined) return null;
  return { event: fields.get('event') ?? 'message', id: fields.get('id') ?? '', data: JSON.parse(data) };
}

/** All of them. */
export async function allOf(events: AsyncIterable<ReadEvent>): Promise<ReadEvent[]> {
  const all: ReadEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The text that events say, put together. */
export function textOf(events: readonly ReadEvent[]): string {
  return events
    .filter(({ event }) => event === 'delta')
    .map(({ data }) => data.text as string)
    .join('');
}

/** Events without those of what the model thinks. */
export function spoken(events: readonly ReadEvent[]): ReadEvent[] {
  return events.filter(({ event }) => event !== 'thinking');
}
