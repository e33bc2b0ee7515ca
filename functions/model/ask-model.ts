import type { StopReason } from '@anthropic-ai/sdk/resources/messages';
import { type IncompleteReason, mayBeSilent } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import type { Message, TokenUsage } from '../domain/message.ts';
import { isBlank } from '../domain/words.ts';
import { modelConfiguration } from './configuration.ts';
import type { ModelEvent } from './events.ts';
import type { Meter } from './meter.ts';
import { type RequestOptions, requestOf } from './request.ts';
import { streamAnswer } from './stream.ts';
import { wholeCharacters } from './whole-characters.ts';

interface Question extends Omit<RequestOptions, 'contextTokens'> {
  /** For everything: the key, connecting, retries and the answer. */
  readonly timeoutMs: number;
  /** Ends the attempt before that. */
  readonly signal: AbortSignal;
  readonly context: Context;
  readonly meter: Meter;
}

type End = Extract<ModelEvent, { type: 'end' }>;

/** What comes of a question: what the model thinks and says, calls of tools and the usage so far, and at last its end. */
export type AnswerEvent =
  | Exclude<ModelEvent, End>
  | (Omit<End, 'reason'> & {
      /** Why the answer is not whole, or null. */
      readonly incomplete: IncompleteReason | null;
    });

/**
 * Asks the model for the next message of a conversation, and hands on what it says as it says it. An answer that
 * breaks off is one, too: what was said stays said. So is one in which the model has used its tokens up by thinking, one
 * that it refuses, one that has nothing to add to what tools answered, and one for which too few tokens are left.
 *
 * @param history oldest first, the last one the user's
 * @throws when nothing was said: the service fails, its key is not set or refused, the time is over
 * @throws the signal's reason
 */
export async function* askModel(
  history: readonly Message[],
  { timeoutMs, signal: given, context, meter, ...options }: Question,
): AsyncGenerator<AnswerEvent> {
  const startedAtMs = context.now();
  const { contextTokens } = modelConfiguration();
  const request = requestOf(history, { ...options, contextTokens });
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([given, deadline]);
  const remainingMs = () => timeoutMs - (context.now() - startedAtMs);
  let isSaid = false;
  let usage: TokenUsage | undefined;
  try {
    for await (const event of wholeCharacters(
      streamAnswer(request, { signal, remainingMs, context, meter }),
    )) {
      if (event.type === 'text') isSaid ||= !isBlank(event.text);
      if (event.type === 'call') isSaid = true;
      if (event.type === 'usage') ({ usage } = event);
      if (event.type === 'end') {
        const { reason, ...end } = event;
        const incomplete = incompleteReason(reason);
        // After calls of tools there may be nothing to add.
        const mayEnd =
          isSaid || mayBeSilent(incomplete) || (incomplete === null && options.rounds.length > 0);
        if (!mayEnd) throw new ParleyError('internal_error', `The model said nothing (${reason})`);
        yield { ...end, incomplete };
      } else yield event;
    }
  } catch (error) {
    given.throwIfAborted();
    if (!isSaid) {
      context.measure({ modelFailures: 1 });
      throw error;
    }
    const incomplete = deadline.aborted ? 'deadline' : 'connection_lost';
    yield { type: 'end', incomplete, refusalCategory: null, blocks: [] };
  } finally {
    context.measure({ modelMs: context.now() - startedAtMs, ...measuresOf(usage) });
  }
}

function incompleteReason(reason: StopReason | 'budget'): IncompleteReason | null {
  return reason === 'end_turn' || reason === 'stop_sequence' ? null : reason;
}

function measuresOf(usage: TokenUsage | undefined) {
  return (
    usage && {
      tokensIn: usage.promptTokens,
      tokensOut: usage.completionTokens,
      tokensCached: usage.cachedTokens,
    }
  );
}
