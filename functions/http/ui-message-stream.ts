import type { Frame } from './server-sent-events.ts';
import type { StreamEvent } from './stream-endpoint.ts';

/** The header by which a client asks for the protocol, and the answer says that it is. */
const HEADER = 'x-vercel-ai-ui-message-stream';
/** The same as a parameter of `Accept`, which web pages of other origins may send without asking first. */
const ACCEPT = /;\s*protocol="?ui-message-stream"?/u;
export const UI_MESSAGE_STREAM = { [HEADER]: 'v1' } as const;

/** Whether a client asks for the UI message stream protocol of Vercel's AI SDK. */
export function isUiMessageStream(headers: Readonly<Record<string, string | undefined>>): boolean {
  return headers[HEADER] === 'v1' || ACCEPT.test(headers.accept ?? '');
}

/** What the events of a turn say, as far as the protocol has words for it. */
interface EventData {
  readonly turn: { readonly id: string };
  readonly delta: { readonly text: string };
  readonly thinking: { readonly state: 'started' | 'delta' | 'ended'; readonly text?: string };
  readonly tool_call: {
    readonly id: string;
    readonly tool_name: string;
    readonly arguments: unknown;
    readonly result: unknown;
    readonly error: string | null;
    readonly end_time: string | null;
  };
  readonly assistant_message: { readonly id: string };
  readonly error: { readonly message: string };
}

/**
 * The events of a turn as the chunks of Vercel's AI SDK (ai-sdk.dev, "Stream protocols", UI message stream). The message
 * goes by the turn's id, because its own is known only at its end, in the metadata.
 */
export async function* uiMessageFrames(events: AsyncIterable<StreamEvent>): AsyncGenerator<Frame> {
  const parts = openParts();
  const called = new Set<string>();
  for await (const { event, data } of events) {
    const of = data as EventData[keyof EventData]; // as each name above says
    if (event === 'turn') yield { data: { type: 'start', messageId: (of as EventData['turn']).id } };
    if (event === 'delta') yield* parts.say('text', (of as EventData['delta']).text);
    if (event === 'thinking') {
      const { state, text = '' } = of as EventData['thinking'];
      if (state === 'ended') yield* parts.close();
      else yield* parts.say('reasoning', text);
    }
    if (event === 'tool_call') {
      yield* parts.close();
      yield* toolFrames(of as EventData['tool_call'], called);
    }
    if (event === 'assistant_message') {
      yield* parts.close();
      const { id } = of as EventData['assistant_message'];
      yield { data: { type: 'message-metadata', messageMetadata: { message_id: id } } };
    }
    if (event === 'error') yield { data: { type: 'error', errorText: (of as EventData['error']).message } };
    if (event === 'done') {
      yield* parts.close();
      yield { data: { type: 'finish' } };
    }
  }
  yield { data: '[DONE]' };
}

/** The part of the message that is being said: text, or reasoning. One ends before another begins. */
function openParts() {
  let count = 0;
  let open: { readonly kind: 'text' | 'reasoning'; readonly id: string } | null = null;

  function* close(): Generator<Frame> {
    if (open) yield { data: { type: `${open.kind}-end`, id: open.id } };
    open = null;
  }

  function* say(kind: 'text' | 'reasoning', delta: string): Generator<Frame> {
    if (open?.kind !== kind) {
      yield* close();
      count += 1;
      open = { kind, id: String(count) };
      yield { data: { type: `${kind}-start`, id: open.id } };
    }
    if (delta !== '') yield { data: { type: `${kind}-delta`, id: open.id, delta } };
  }

  return { close, say };
}

function* toolFrames(call: EventData['tool_call'], called: Set<string>): Generator<Frame> {
  const { id: toolCallId, tool_name: toolName, arguments: input, result, error, end_time } = call;
  const tool = { toolCallId, dynamic: true };
  if (!called.has(toolCallId)) yield { data: { type: 'tool-input-available', ...tool, toolName, input } };
  called.add(toolCallId);
  if (error !== null) yield { data: { type: 'tool-output-error', ...tool, errorText: error } };
  else if (end_time !== null) yield { data: { type: 'tool-output-available', ...tool, output: result } };
}
