import { setTimeout as wait } from 'node:timers/promises';
import type {
  MessageCreateParamsBase,
  MessageDeltaUsage,
  RawMessageStreamEvent,
  StopReason,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import type { TokenUsage } from '../domain/message.ts';
import { type Asking, attempt } from './attempt.ts';
import { retryDelayMs } from './retry.ts';

/** What a model says, piece by piece: text, the usage so far, and at last why it stopped. */
export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'usage'; readonly usage: TokenUsage }
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
): AsyncGenerator<ModelEvent> {
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

const NOTHING: TokenUsage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

function sum(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
  };
}

async function* withRetries(request: MessageCreateParamsBase, asking: Asking): AsyncGenerator<ModelEvent> {
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

async function* eventsOf(stream: AsyncIterable<RawMessageStreamEvent>): AsyncGenerator<ModelEvent> {
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
function usageOf(now: Usage | MessageDeltaUsage, start: Usage | undefined): TokenUsage {
  const of = (name: 'input_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens') =>
    now[name] ?? start?.[name] ?? 0;
  const cachedTokens = of('cache_read_input_tokens');
  return {
    promptTokens: of('input_tokens') + cachedTokens + of('cache_creation_input_tokens'),
    completionTokens: now.output_tokens,
    cachedTokens,
  };
}
