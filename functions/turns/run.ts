import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import { STORE_WITHIN_MS } from '../domain/limits.ts';
import type { NewMessage } from '../domain/message.ts';
import type { TurnEnd } from '../domain/turn.ts';
import { answerTo } from '../model/answer.ts';
import { readHistory } from '../store/message-pages.ts';
import { insertMessage } from '../store/messages.ts';
import { claimLease, endWrites } from '../store/turns.ts';
import { keepLease, leaseEnd } from './lease.ts';
import { endTurn, FAILED } from './settle.ts';
import type { AnswerJob } from './worker.ts';

/**
 * Makes the answer of a started turn and stores it: the message, the turn's end and the lease in one transaction, or
 * nothing of it where the turn has lost its lease. A turn is made once: for one that somebody has begun, or ended,
 * nothing is done.
 *
 * @throws ParleyError internal_error when there is no answer; the turn has failed, and the question stays
 */
export async function runTurn(job: AnswerJob, context: Context): Promise<void> {
  const { threadPk, turnId } = job;
  const isMine = await claimLease(threadPk, { turnId, expiresAtMs: leaseEnd(context) });
  if (!isMine) return;
  const lost = new AbortController();
  const letGo = keepLease(threadPk, turnId, { context, lost });
  try {
    const answer = await makeAnswer(job, { context, signal: lost.signal });
    const also = (id: string) =>
      endWrites(threadPk, turnId, { end: endWith(answer, id), endedAtMs: context.now() });
    await insertMessage(threadPk, { message: answer, also }, context);
  } catch (cause) {
    await endTurn(threadPk, turnId, { end: FAILED, context });
    throw new ParleyError('internal_error', FAILED.error.message, { cause });
  } finally {
    letGo();
  }
}

async function makeAnswer(
  { threadPk, messageId, model }: AnswerJob,
  { context, signal }: { context: Context; signal: AbortSignal },
): Promise<NewMessage> {
  const history = await readHistory(threadPk, messageId);
  const timeoutMs = context.remainingMs() - STORE_WITHIN_MS;
  return answerTo(history, { model, timeoutMs, signal, context });
}

function endWith({ metadata, usage }: NewMessage, assistantMessageId: string): TurnEnd {
  const status = metadata.incomplete_reason === undefined ? 'completed' : 'incomplete';
  return { status, assistantMessageId, usage, error: null };
}
