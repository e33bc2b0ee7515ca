import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { rememberPause } from '../../lib/local/messages-api/rules.ts';
import { rememberCalls, thoughtFor } from '../../lib/local/messages-api/thinking.ts';
import { thinkingBlock } from '../../lib/local/messages-api/thinking-events.ts';
import type { MessagesRequest } from '../../lib/local/model-stand-in.ts';
import type { Reaction } from './scripted-model.ts';

/** One thing that happens on a stream of the Messages API: an event, raw text (`cut` and `end` are not), a pause. */
export type Step = object | string | number | Promise<unknown>;

/** The start of an answer, with its usage. */
export const start = (usage: object = {}) => ({
  type: 'message_start',
  message: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 10, output_tokens: 1, ...usage },
  },
});
/** The first piece of text opens a block, the others go on with it. */
export const opened = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } };
export const piece = (text: string) => ({
  type: 'content_block_delta',
  index: 0,
  delta: { type: 'text_delta', text },
});
/** A block of thinking without words: it begins, and it ends with its signature. */
export const thinks = [
  { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 'c2lnbmF0dXJl' } },
  { type: 'content_block_stop', index: 0 },
] as const;
/** A call of a tool, whose arguments come in two pieces of JSON. */
export const calls = (id: string, name: string, input: object | string) => {
  const json = typeof input === 'string' ? input : JSON.stringify(input);
  const delta = (partial_json: string) => ({
    type: 'content_block_delta',
    index: 1,
    delta: { type: 'input_json_delta', partial_json },
  });
  return [
    { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id, name, input: {} } },
    delta(json.slice(0, 3)),
    delta(json.slice(3)),
    { type: 'content_block_stop', index: 1 },
  ];
};
/** The end of an answer. */
export const stopped = (stop_reason: string, usage: object = {}) => [
  { type: 'content_block_stop', index: 0 },
  {
    type: 'message_delta',
    delta: { stop_reason, stop_sequence: null },
    usage: { output_tokens: 7, ...usage },
  },
  { type: 'message_stop' },
];
/** An error in the middle. */
export const error = (type: string) => ({ type: 'error', error: { type, message: 'SECRET upstream words' } });

/**
 * Streams these: events as they are, texts as raw bytes, numbers as pauses in milliseconds, promises as pauses for as
 * long as they take; `cut` breaks the connection, `end` closes it in order. Without either the stream stays open and
 * silent. A model that thinks does so before its first block, unless the script has it think itself.
 */
export function streams(...steps: readonly Step[]): Reaction {
  return async (request, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.flushHeaders();
    const events = thinking(request);
    for (const step of steps) {
      if (step === 'cut') {
        await wait(20); // what was written before is to arrive
        outgoing.destroy();
      } else if (step === 'end') outgoing.end();
      else if (typeof step === 'number') await wait(step);
      else if (step instanceof Promise) await step;
      else if (typeof step === 'string') outgoing.write(step);
      else for (const event of events(step as StreamedEvent)) writeEvent(outgoing, event);
    }
  };
}

/** What of a scripted event is looked at. */
interface StreamedEvent {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: { readonly type: string; readonly id?: string };
  readonly delta?: { readonly stop_reason?: string };
}

/** Puts a model's thinking before the first block of a script, and gives each block an index of its own. */
function thinking(request: MessagesRequest): (event: StreamedEvent) => object[] {
  const callIds: string[] = [];
  const indexes = new Map<number, number>();
  let blocks = 0;
  let thought: ReturnType<typeof thoughtFor> = null;
  return (event) => {
    const { type, index, content_block: block, delta } = event;
    if (delta?.stop_reason === 'pause_turn') rememberPause(request);
    if (delta?.stop_reason === 'tool_use' && thought) rememberCalls(request, thought, callIds);
    if (index === undefined) return [event];
    const before: object[] = [];
    if (type === 'content_block_start') {
      if (block?.id !== undefined) callIds.push(block.id);
      if (blocks === 0 && !block?.type.endsWith('thinking')) thought = thoughtFor(request);
      if (blocks === 0 && thought) {
        before.push(...thinkingBlock(thought));
        blocks += 1;
      }
      indexes.set(index, blocks);
      blocks += 1;
    }
    return [...before, { ...event, index: indexes.get(index) ?? index }];
  };
}

/** Writes one event, as it goes over the wire. */
export function writeEvent(outgoing: ServerResponse, event: object): void {
  const { type } = event as { type: string }; // every event of the Messages API has one
  outgoing.write(`event: ${type}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** A whole answer that stops for this reason. */
export function says(text: string, reason = 'end_turn', usage: object = {}): Reaction {
  return streams(start(), opened, ...(text === '' ? [] : [piece(text)]), ...stopped(reason, usage), 'end');
}

/** An answer that calls these tools and stops for them. */
export function callsTools(...round: ReturnType<typeof calls>[]): Reaction {
  return streams(start(), opened, ...round.flat(), ...stopped('tool_use'), 'end');
}
