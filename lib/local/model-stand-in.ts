import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readText } from './read-text.ts';

/** A request of the Messages API, as far as it is looked at. */
export interface MessagesRequest {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

/**
 * A Messages API on this machine that says what it is, in JSON and as server-sent events, with a usage that is counted
 * in characters. It stands where api.anthropic.com would; the SDK in front of it is the real one.
 */
export function createModelStandIn(): Server {
  return createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()));
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  if (incoming.method !== 'POST' || !incoming.url?.startsWith('/v1/messages')) {
    return sendError(outgoing, {
      status: 404,
      type: 'not_found_error',
      message: 'This stand-in serves POST /v1/messages',
    });
  }
  const request = JSON.parse(await readText(incoming)) as MessagesRequest; // the SDK wrote it
  const text = answerTo(request);
  if (request.stream) sendEvents(outgoing, request, text);
  else
    outgoing
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(messageOf(request, text)));
}

function answerTo({ messages }: MessagesRequest): string {
  const asked = messages.at(-1)?.content;
  const quoted = typeof asked === 'string' ? asked.slice(0, 200) : '';
  return `I am Parley's local stand-in for the Messages API, not a model. Set ANTHROPIC_API_KEY for real answers. You said: ${quoted}`;
}

/** A whole message in the Messages API's shape. */
export function messageOf(request: MessagesRequest, text: string) {
  return {
    id: 'msg_stand_in',
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: Math.ceil(JSON.stringify(request.messages).length / 4),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: Math.ceil(text.length / 4),
    },
  };
}

/** The same message as the Messages API streams it. */
export function sendEvents(outgoing: ServerResponse, request: MessagesRequest, text: string): void {
  const { content: _content, stop_reason, usage, ...message } = messageOf(request, text);
  const events = [
    {
      type: 'message_start',
      message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...(text.match(/[\s\S]{1,40}/gu) ?? []).map((part) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: part },
    })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) outgoing.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  outgoing.end();
}

/** An error in the Messages API's shape. */
export function sendError(
  outgoing: ServerResponse,
  { status, type, message }: { status: number; type: string; message: string },
): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ type: 'error', error: { type, message } }));
}
