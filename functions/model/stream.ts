import { setTimeout as wait } from 'node:timers/promises';
import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import type { TokenUsage } from '../domain/message.ts';
import { addUsage, NO_USAGE } from '../domain/tokens.ts';
import { type Asking, attempt } from './attempt.ts';
import type { AnswerBlock } from './blocks.ts';
import { eventsOf, type ModelEvent } from './events.ts';
import { sizeOf } from './request-size.ts';
import { isForNothing, retryDelayMs } from './retry.ts';

type End = Extract<ModelEvent, { type: 'end' }>;

/** A paused turn is continued this often: the model pauses when its own tools take long, and it has none here. */
const MAX_PAUSES = 3;

/**
 * Asks the model and hands on what it says as it says it. What fails before it has begun a block is tried again, at most
 * twice and within the time that is left; afterwards a second attempt would be paid twice and say something else.
 * Before each request the meter is asked: where it says no, what there is ends with the reason `budget`.
 *
 * @throws what ended the last attempt, without an `end` event
 */
export async function* streamAnswer(
  request: MessageCreateParamsBase,
  asking: Asking,
): AsyncGenerator<ModelEvent> {
  const blocks: AnswerBlock[] = [];
  let reason: End['reason'] = 'pause_turn';
  let usage = NO_USAGE;
  for (let pauses = 0; reason === 'pause_turn' && pauses <= MAX_PAUSES; pauses += 1) {
    const before = usage;
    for await (const event of withRetries(continued(request, blocks), asking)) {
      if (event.type === 'usage') {
        usage = addUsage(before, event.usage);
        yield { type: 'usage', usage };
      } else if (event.type === 'end') {
        blocks.push(...event.blocks);
        // Nothing can be said after calls before they have their outcomes.
        const isPausedToCall =
          event.reason === 'pause_turn' && blocks.some(({ type }) => type === 'tool_use');
        reason = isPausedToCall ? 'tool_use' : event.reason;
        if (reason !== 'pause_turn') yield { ...event, reason, blocks };
      } else yield event;
    }
  }
  if (reason === 'pause_turn') yield { type: 'end', reason, refusalCategory: null, blocks };
}

/** The request that goes on where a model has paused: what it has said goes back as it came. */
function continued(request: MessageCreateParamsBase, said: readonly AnswerBlock[]): MessageCreateParamsBase {
  if (said.length === 0) return request;
  return { ...request, messages: [...request.messages, { role: 'assistant', content: [...said] }] };
}

async function* withRetries(request: MessageCreateParamsBase, asking: Asking): AsyncGenerator<ModelEvent> {
  let breaks = 0;
  let spent = NO_USAGE;
  for (let retries = 0; ; retries += 1) {
    let hasBegun = false;
    let hasOpened = false;
    let used: TokenUsage = NO_USAGE;
    const metered = await asking.meter.begin(sizeOf(request));
    if (!metered) return yield { type: 'end', reason: 'budget', refusalCategory: null, blocks: [] };
    const stream = eventsOf(attempt(request, { ...asking, metered }), ({ type }) => {
      hasBegun ||= type === 'message_start';
      hasOpened ||= type === 'content_block_start';
    });
    try {
      yield { type: 'asked' };
      for await (const event of stream) {
        metered.hear(event);
        if (event.type === 'no-usage' || event.type === 'arguments') continue;
        if (event.type === 'usage') used = event.usage;
        if (event.type === 'end') metered.ended();
        yield event.type === 'usage' ? { ...event, usage: addUsage(spent, used) } : event;
      }
      return;
    } catch (error) {
      if (!hasBegun && isForNothing(error)) metered.refused();
      asking.signal.throwIfAborted();
      // From its first event on an answer is paid for: one that breaks then is asked for once more, and not again.
      if (hasBegun) breaks += 1;
      const mayRepeat = !hasOpened && breaks <= 1;
      const delayMs = mayRepeat ? retryDelayMs(error, { retries, remainingMs: asking.remainingMs() }) : null;
      if (delayMs === null) throw error;
      spent = addUsage(spent, used);
      await wait(delayMs, undefined, { signal: asking.signal });
    } finally {
      metered.stopped();
    }
  }
}
