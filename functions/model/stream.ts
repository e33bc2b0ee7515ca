import { setTimeout as wait } from 'node:timers/promises';
import type {
  MessageCreateParamsBase,
  MessageDeltaUsage,
  RawMessageStreamEvent,
  StopReason,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import type { Measures } from '../domain/context.ts';
import { type Asking, attempt } from './attempt.ts';
import { retryDelayMs } from './retry.ts';

/** What a model read and wrote so far, as it reports it. */
export type ModelUsage = Pick<Measures, 'tokensIn' | 'tokensOut' | 'tokensCached'>;

/** What a model says, piece by piece: text, the usage so far, and at last why it stopped. */
export type AnswerEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'usage'; readonly usage: ModelUsage }
  | { readonly type: 'end'; readonly reason: StopReason };

/** A paused turn is continued this often: the model pauses when its own tools take long, and it has none here. */
const MAX_PAUSES = 3;

/**
 * Asks the model and hands on what it says as it says it. What fails before anything was said is tried again, at most
 * twice and within the time that is left; afterwards a second attempt would say something else.
 *
 * @throws what ended the last attempt, without an `end` event
 */
export async function* streamAnswer(
  request: MessageCreateParamsBase,
  asking: Asking,
): AsyncGenerator<AnswerEvent> {
  let text = '';
  let usage = NOTHING;
  let reason: StopReason = 'pause_turn';
  for (let pauses = 0; reason === 'pause_turn' && pauses <= MAX_PAUSES; pauses += 1) {
    const soFar = text === '' ? [] : [{ role: 'assistant' as const, content: text }];
    const whole = { ...request, messages: [...request.messages, ...soFar] };
    const before = usage;
    for await (const event of withRetries(whole, asking)) {
      if (event.type === 'text') {
        text += event.text;
        yield event;
      } else if (event.type === 'usage') {
        usage = sum(before, event.usage);
        yield { type: 'usage', usage };
      } else ({ reason } = event);
    }
  }
  yield { type: 'end', reason };
}

const NOTHING: ModelUsage = { tokensIn: 0, tokensOut: 0, tokensCached: 0 };

function sum(a: ModelUsage, b: ModelUsage): ModelUsage {
  return {
    tokensIn: a.tokensIn + b.tokensIn,
    tokensOut: a.tokensOut + b.tokensOut,
    tokensCached: a.tokensCached + b.tokensCached,
  };
}

async function* withRetries(request: MessageCreateParamsBase, asking: Asking): AsyncGenerator<AnswerEvent> {
  for (let retries = 0; ; retries += 1) {
    let hasSpoken = false;
    try {
      for await (const event of eventsOf(attempt(request, asking))) {
        hasSpoken ||= event.type === 'text';
        yield event;
      }
      return;
    } catch (error) {
      asking.signal.throwIfAborted();
      const remainingMs = asking.remainingMs();
      const delayMs = hasSpoken ? null : retryDelayMs(error, { retries, remainingMs });
      if (delayMs === null) throw error;
      await wait(delayMs, undefined, { signal: asking.signal });
    }
  }
}

async function* eventsOf(stream: AsyncIterable<RawMessageStreamEvent>): AsyncGenerator<AnswerEvent> {
  let input: Usage | undefined;
  for await (const event of stream) {
    switch (event.type) {
      case 'message_start':
        input = event.message.usage;
        yield { type: 'usage', usage: usageOf(input, input) };
        break;
      case 'content_block_delta':
        if (event.delta.type === 'text_delta') yield { type: 'text', text: event.delta.text };
        break;
      case 'message_delta':
        yield { type: 'usage', usage: usageOf(event.usage, input) };
        if (event.delta.stop_reason) yield { type: 'end', reason: event.delta.stop_reason };
        break;
      default: // where blocks start and stop says nothing that is not in the deltas
    }
  }
}

/** Usage is cumulative; what a delta leaves out is as it was at the start. Read from or written to the cache is input too. */
function usageOf(now: Usage | MessageDeltaUsage, start: Usage | undefined): ModelUsage {
  const of = (name: 'input_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens') =>
    now[name] ?? start?.[name] ?? 0;
  const tokensCached = of('cache_read_input_tokens');
  return {
    tokensIn: of('input_tokens') + tokensCached + of('cache_creation_input_tokens'),
    tokensOut: now.output_tokens,
    tokensCached,
  };
}
