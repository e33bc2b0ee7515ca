import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import { promptCache } from './messages-api/prompt-cache.ts';
import { refusalOf } from './messages-api/rules.ts';
import { rememberCalls, type Thought, thoughtFor, thoughtTokens } from './messages-api/thinking.ts';
import { thinkingBlock } from './messages-api/thinking-events.ts';
import { readText } from './read-text.ts';
import { type Asked, answerTo, type ToolUse } from './stand-in-answer.ts';

/** A request of the Messages API. */
export type MessagesRequest = MessageCreateParamsBase & Asked;

/**
 * A Messages API on this machine that says what it is and calls tools, in JSON and as server-sent events, with a usage
 * that is counted in characters. It stands where api.anthropic.com would; the SDK in front of it is the real one. It
 * thinks where the model that is asked would, and refuses what the service refuses (messages-api/).
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
  const refused = refusalOf(request);
  if (refused !== null)
    return sendError(outgoing, { status: 400, type: 'invalid_request_error', message: refused });
  const said = answerTo(request);
  if (request.stream) return sendEvents(outgoing, request, said);
  outgoing
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify(messageOf(request, { thought: thoughtFor(request), block: blockOf(said) })));
}

/** What is said as a block of a message; a call has an id of its own, by which its outcome is told. */
function blockOf(said: string | ToolUse) {
  return typeof said === 'string'
    ? ({ type: 'text', text: said } as const)
    : ({ type: 'tool_use', id: `toolu_${randomUUID()}`, caller: { type: 'direct' }, ...said } as const);
}
type Block = ReturnType<typeof blockOf>;

interface Said {
  readonly thought: Thought | null;
  readonly block: Block;
}

const cache = promptCache();

/** A whole message in the Messages API's shape. */
function messageOf(request: MessagesRequest, { thought, block }: Said) {
  const thinkingTokens = thought ? thoughtTokens(thought) : 0;
  const { plain, written, read } = cache.bill(request, Date.now());
  if (thought && block.type === 'tool_use') rememberCalls(request, thought, [block.id]);
  return {
    id: 'msg_stand_in',
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [...(thought ? [{ type: 'thinking' as const, ...thought }] : []), block],
    stop_reason: block.type === 'text' ? 'end_turn' : 'tool_use',
    stop_sequence: null,
    usage: {
      input_tokens: plain,
      cache_creation_input_tokens: written,
      cache_read_input_tokens: read,
      output_tokens: thinkingTokens + outputTokens(textOf(block).length),
      output_tokens_details: { thinking_tokens: thinkingTokens },
    },
  };
}

/** What is said is taken for: a token for four characters. */
export function outputTokens(characters: number): number {
  return Math.ceil(characters / 4);
}

/** Thinking, then text or a call of a tool, as the Messages API streams it. */
export function sendEvents(outgoing: ServerResponse, request: MessagesRequest, said: string | ToolUse): void {
  const block = blockOf(said);
  const thought = thoughtFor(request);
  const { content: _content, stop_reason, usage, ...message } = messageOf(request, { thought, block });
  const { empty, deltas } = inPieces(block);
  const index = thought ? 1 : 0;
  const events = [
    {
      type: 'message_start',
      message: { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } },
    },
    ...(thought ? thinkingBlock(thought) : []),
    { type: 'content_block_start', index, content_block: empty },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
    { type: 'message_delta', delta: { stop_reason, stop_sequence: null }, usage },
    { type: 'message_stop' },
  ];
  outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events as { type: string }[])
    outgoing.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
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
