import type { StopReason } from '@anthropic-ai/sdk/resources/messages';
import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import type { FreeJson } from '../domain/json.ts';
import type { Message, NewMessage } from '../domain/message.ts';
import { modelConfiguration } from './configuration.ts';
import { requestOf } from './request.ts';
import { type ModelUsage, streamAnswer } from './stream.ts';

interface Question {
  readonly model: string;
  /** For everything: the key, connecting, retries and the answer. */
  readonly timeoutMs: number;
  /** Ends the attempt before that. */
  readonly signal: AbortSignal;
  readonly context: Context;
}

/** Why an answer ends before its end: the model's own reasons, or that it broke off. */
type IncompleteReason = Exclude<StopReason, 'end_turn' | 'stop_sequence'> | 'connection_lost';

/**
 * Asks the model for the next message of a conversation. An answer that breaks off is one, too: what was said is kept,
 * with `incomplete_reason` in its metadata.
 *
 * @param history oldest first, the last one the user's
 * @throws when there is no answer in time, or nothing was said: the service fails, its key is not set or refused
 */
export async function answerTo(
  history: readonly Message[],
  { model, timeoutMs, signal: given, context }: Question,
): Promise<NewMessage> {
  const startedAtMs = context.now();
  const { maxTokens, contextTokens } = modelConfiguration();
  const request = requestOf(history, { model, maxTokens, contextTokens });
  const signal = AbortSignal.any([given, AbortSignal.timeout(timeoutMs)]);
  const remainingMs = () => timeoutMs - (context.now() - startedAtMs);
  let text = '';
  let usage: ModelUsage | undefined;
  let incomplete: IncompleteReason | null = null;
  try {
    for await (const event of streamAnswer(request, { signal, remainingMs, context })) {
      if (event.type === 'text') text += event.text;
      if (event.type === 'usage') ({ usage } = event);
      if (event.type === 'end') incomplete = incompleteReason(event.reason);
    }
    if (text.trim() === '')
      throw new ParleyError('internal_error', `The model said nothing (${incomplete ?? 'end'})`);
  } catch (error) {
    if (signal.aborted || text.trim() === '') {
      context.measure({ modelFailures: 1 });
      throw error;
    }
    incomplete = 'connection_lost';
  } finally {
    context.measure({ modelMs: context.now() - startedAtMs, ...usage });
  }
  return messageOf({ text, usage, incomplete });
}

function incompleteReason(reason: StopReason): IncompleteReason | null {
  return reason === 'end_turn' || reason === 'stop_sequence' ? null : reason;
}

interface Answer {
  readonly text: string;
  readonly usage: ModelUsage | undefined;
  readonly incomplete: IncompleteReason | null;
}

function messageOf({ text, usage, incomplete }: Answer): NewMessage {
  const metadata: FreeJson = {
    ...(incomplete && { incomplete_reason: incomplete }),
    ...(usage && usage.tokensCached > 0 && { cached_tokens: usage.tokensCached }),
  };
  return {
    role: 'assistant',
    text,
    author: null,
    toolCalls: null,
    usage: usage ? { promptTokens: usage.tokensIn, completionTokens: usage.tokensOut } : null,
    metadata,
  };
}
