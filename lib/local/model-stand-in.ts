import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { readText } from './read-text.ts';
import { answerTo, type Asked, type ToolUse } from './stand-in-answer.ts';

/** A request of the Messages API, as far as it is looked at. */
export interface MessagesRequest extends Asked {
  readonly model: string;
  readonly stream?: boolean;
}

/**
 * A Messages API on this machine that says what it is and calls tools, in JSON and as server-sent events, with a usage
 * that is counted in characters. It stands where api.anthropic.com would; the SDK in front of it is the real one.
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
  const said = answerTo(request);
  if (request.stream) sendEvents(outgoing, request, said);
  else
    outgoing
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(messageOf(request, blockOf(said))));
}

/** What is said as a block of a message; a call has an id of its own, by which its outcome is told. */
function blockOf(said: string | ToolUse) {
  return typeof said === 'string'
    ? ({ type: 'text', text: said } as const)
    : ({ type: 'tool_use', id: `toolu_${randomUUID()}`, caller: { type: 'direct' }, ...said } as const);
}
type Block = ReturnType<typeof blockOf>;

/** A whole message in the Messages API's shape. */
function messageOf(request: MessagesRequest, block: Block) {
  return {
    id: 'msg_stand_in',
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [block],
    stop_reason: block.type === 'text' ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: {
      input_tokens: Math.ceil(JSON.stringify(request.messages).length / 4),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      output_tokens: Math.ceil(textOf(block).length / 4),
    },
  };
}

/** Text, or a call of a tool, as the Messages API streams it. */
export function sendEvents(outgoing: ServerResponse, request: MessagesRequest, said: string | ToolUse): void {
  const block = blockOf(said);
  const { content: _content, stop_reason, usage, ...message } = messageOf(request, block);
  const { empty, deltas } = inPieces(block);
  const events = [
    {
      type: 'message_start',
      message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    },
    { type: 'content_block_start', index: 0, content_block: empty },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) outgoing.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  outgoing.end();
}

/** A block as it begins, and what comes to it piece by piece. */
function inPieces(block: Block) {
  const pieces = textOf(block).match(/[\s\S]{1,40}/gu) ?? [];
  return block.type === 'text'
    ? { empty: { ...block, text: '' }, deltas: pieces.map((text) => ({ type: 'text_delta', text })) }
    : {
        empty: { ...block, input: {} },
        deltas: pieces.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
      };
}

function textOf(block: Block): string {
  return block.type === 'text' ? block.text : JSON.stringify(block.input);
}

/** An error in the Messages API's shape. */
export function sendError(
  outgoing: ServerResponse,
  { status, type, message }: { status: number; type: string; message: string },
): void {
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify({ type: 'error', error: { type, message } }));
}
