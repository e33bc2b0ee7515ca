import type { Context } from '../domain/context.ts';
import { notFound, ParleyError } from '../domain/errors.ts';
import { ANSWER_WITHIN_MS, STORE_WITHIN_MS } from '../domain/limits.ts';
import type { NewMessage } from '../domain/message.ts';
import type { Tenancy } from '../domain/principal.ts';
import type { TurnEnd } from '../domain/turn.ts';
import { answerTo } from '../model/answer.ts';
import { readHistory } from '../store/message-pages.ts';
import { appendMessage } from '../store/messages.ts';
import { endWrites } from '../store/turns.ts';
import { keepLease } from './lease.ts';
import { endTurn } from './settle.ts';
import type { KeptTurn } from './start.ts';

interface Run {
  readonly threadPk: string;
  readonly model: string;
  readonly scope: Tenancy;
  readonly context: Context;
}

/**
 * Makes the answer of a started turn and stores it: the message, the turn's end and the lease in one transaction, or
 * nothing of it where the turn has lost its lease.
 *
 * @throws ParleyError internal_error when there is no answer; the turn has failed, and the question stays
 */
export async function runTurn({ messageId, turnId }: KeptTurn, run: Run): Promise<void> {
  const { threadPk, model, scope, context } = run;
  const lost = new AbortController();
  const letGo = keepLease(threadPk, turnId, { context, lost });
  try {
    const history = await readHistory(threadPk, messageId);
    const timeoutMs = Math.min(ANSWER_WITHIN_MS, context.remainingMs() - STORE_WITHIN_MS);
    const answer = await answerTo(history, { model, timeoutMs, signal: lost.signal, context });
    const also = (id: string) =>
      endWrites(threadPk, turnId, { end: endWith(answer, id), endedAtMs: context.now() });
    const once = { scope, key: null };
    const stored = await appendMessage(
      threadPk,
      { message: answer, kept: (id) => id, also },
      { once, context },
    );
    if (stored.state === 'missing') throw notFound('Conversation');
  } catch (cause) {
    const message = 'The assistant could not answer; the message is stored';
    const error = { code: 'internal_error', message } as const;
    await endTurn(threadPk, turnId, {
      end: { status: 'failed', assistantMessageId: null, usage: null, error },
      context,
    });
    throw new ParleyError('internal_error', message, { cause });
  } finally {
    letGo();
  }
}

function endWith({ metadata, usage }: NewMessage, assistantMessageId: string): TurnEnd {
  const status = metadata.incomplete_reason === undefined ? 'completed' : 'incomplete';
  return { status, assistantMessageId, usage, error: null };
}
