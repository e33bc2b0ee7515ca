import type { StopReason } from '@anthropic-ai/sdk/resources/messages';
import type { IncompleteReason } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import type { Message, TokenUsage } from '../domain/message.ts';
import { modelConfiguration } from './configuration.ts';
import { type RequestOptions, requestOf } from './request.ts';
import { type ModelEvent, streamAnswer } from './stream.ts';

interface Question extends Omit<RequestOptions, 'contextTokens'> {
  /** For everything: the key, connecting, retries and the answer. */
  readonly timeoutMs: number;
  /** Ends the attempt before that. */
  readonly signal: AbortSignal;
  readonly context: Context;
}

/** What comes of a question: text, calls of tools and the usage so far, and at last why the answer is not whole, or null. */
export type AnswerEvent =
  | Exclude<ModelEvent, { type: 'end' }>
  | { readonly type: 'end'; readonly incomplete: IncompleteReason | null };

/**
 * Asks the model for the next message of a conversation, and hands on what it says as it says it. An answer that
 * breaks off is one, too: what was said stays said.
 *
 * @param history oldest first, the last one the user's, or the answer itself as far as it goes
 * @throws when nothing was said: the service fails, its key is not set or refused, the time is over
 * @throws the signal's reason
 */
export async function* answerTo(
  history: readonly Message[],
  { timeoutMs, signal: given, context, ...options }: Question,
): AsyncGenerator<AnswerEvent> {
  const startedAtMs = context.now();
  const { contextTokens } = modelConfiguration();
  const request = requestOf(history, { ...options, contextTokens });
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([given, deadline]);
  const remainingMs = () => timeoutMs - (context.now() - startedAtMs);
  let isSaid = false;
  let half = '';
  let usage: TokenUsage | undefined;
  try {
    for await (const event of streamAnswer(request, { signal, remainingMs, context })) {
      if (event.type === 'text') {
        isSaid ||= event.text.trim() !== '';
        const text = half + event.text;
        half = HALF.exec(text)?.[0] ?? '';
        yield { type: 'text', text: half === '' ? text : text.slice(0, -half.length) };
      }
      if (event.type === 'call') isSaid = true;
      if (event.type === 'usage') ({ usage } = event);
      if (event.type === 'usage' || event.type === 'call') yield event;
      if (event.type !== 'end') continue;
      if (isSaid) yield { type: 'end', incomplete: incompleteReason(event.reason) };
      else throw new ParleyError('internal_error', `The model said nothing (${event.reason})`);
    }
  } catch (error) {
    given.throwIfAborted();
    if (!isSaid) {
      context.measure({ modelFailures: 1 });
      throw error;
    }
    yield { type: 'end', incomplete: deadline.aborted ? 'deadline' : 'connection_lost' };
  } finally {
    context.measure({ modelMs: context.now() - startedAtMs, ...measuresOf(usage) });
  }
}

/** Half of a character, whose other half comes with the next piece, or never: alone it could not be encoded. */
const HALF = /[\uD800-\uDBFF]$/u;

function incompleteReason(reason: StopReason): IncompleteReason | null {
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
