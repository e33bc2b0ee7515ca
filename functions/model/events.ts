import type {
  MessageDeltaUsage,
  RawMessageStreamEvent,
  StopReason,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import { ParleyError } from '../domain/errors.ts';
import type { FreeJson } from '../domain/json.ts';
import type { TokenUsage } from '../domain/message.ts';
import { blockOrder } from './block-order.ts';
import { type AnswerBlock, sendableBlocks } from './blocks.ts';
import { comingBlocks } from './coming-blocks.ts';

/** A call of a tool that a model asks for. */
export interface ModelCall {
  readonly id: string;
  readonly name: string;
  /** Null where it is not a JSON object, or nests deeper than free JSON may. */
  readonly arguments: FreeJson | null;
}

/** What a model does before it says anything, or between calls of tools; with words where these are shown. */
export type ThinkingEvent =
  | { readonly type: 'thinking'; readonly state: 'started' | 'ended' }
  | { readonly type: 'thinking'; readonly state: 'delta'; readonly text: string };

/** What a model says, piece by piece: thoughts, text, calls of tools, the usage so far, and at last why it stopped. */
export type ModelEvent =
  /** A request is made. */
  | { readonly type: 'asked' }
  | ThinkingEvent
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'usage'; readonly usage: TokenUsage }
  | ({ readonly type: 'call' } & ModelCall)
  | {
      readonly type: 'end';
      /** `budget`: the model was not asked any further. */
      readonly reason: StopReason | 'budget';
      /** Which of the service's policies a refusal is by, where it says so. */
      readonly refusalCategory: string | null;
      /** All that was said, as it goes back to the model. */
      readonly blocks: readonly AnswerBlock[];
    };

/** The same for who counts: also that a report cannot be believed, and pieces of what tools are called with. */
export type HeardEvent =
  | ModelEvent
  | { readonly type: 'no-usage' }
  | { readonly type: 'arguments'; readonly text: string };

/**
 * The events of one stream of the Messages API, in the order of its blocks.
 *
 * @param hear is told each of them as it came, before what it means
 * @throws ParleyError unavailable when the stream ends without a reason
 */
export async function* eventsOf(
  stream: AsyncIterable<RawMessageStreamEvent>,
  hear: (event: RawMessageStreamEvent) => void,
): AsyncGenerator<HeardEvent> {
  const order = blockOrder();
  const coming = comingBlocks();
  let input: Usage | undefined;
  let end: Omit<Extract<ModelEvent, { type: 'end' }>, 'blocks'> | undefined;
  try {
    for await (const event of stream) {
      hear(event);
      if (event.type === 'content_block_delta' && event.delta.type === 'input_json_delta')
        yield { type: 'arguments', text: event.delta.partial_json };
      for (const inOrder of order.take(event)) yield* coming.eventsOf(inOrder);
      if (event.type === 'message_start') {
        input = event.message.usage;
        yield usageEvent(input, input);
      }
      if (event.type === 'message_delta') {
        const { stop_reason: reason, stop_details: details } = event.delta;
        yield usageEvent(event.usage, input);
        if (reason) end = { type: 'end', reason, refusalCategory: details?.category ?? null };
      }
    }
  } catch (error) {
    for (const event of order.rest()) yield* coming.eventsOf(event);
    throw error;
  }
  if (!end) throw new ParleyError('unavailable', 'The model did not say why it stopped');
  yield { ...end, blocks: sendableBlocks(coming.blocks()) };
}

/**
 * Usage is cumulative; what a delta leaves out is as it was at the start. Read from or written to the cache is input too.
 * A service's numbers are believed where they are counts, which its types promise and a proxy may break.
 */
function usageEvent(now: Usage | MessageDeltaUsage | undefined, start: Usage | undefined): HeardEvent {
  const of = (name: 'cache_read_input_tokens' | 'cache_creation_input_tokens') =>
    now?.[name] ?? start?.[name] ?? 0;
  const input: unknown = now?.input_tokens ?? start?.input_tokens;
  const output: unknown = now?.output_tokens;
  const [read, written] = [of('cache_read_input_tokens'), of('cache_creation_input_tokens')];
  const thought: unknown = now?.output_tokens_details?.thinking_tokens ?? 0;
  if (!isCount(input) || !isCount(output) || !isCount(read) || !isCount(written) || !isCount(thought))
    return { type: 'no-usage' };
  const usage = {
    promptTokens: input + read + written,
    completionTokens: output,
    cachedTokens: read,
    cacheWriteTokens: written,
    thinkingTokens: Math.min(thought, output),
  };
  return { type: 'usage', usage };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
