import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/errors.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { recordRequest } from '../store/idempotency.ts';
import { readTurn } from '../store/turns.ts';
import { stopTurn } from './current-turn.ts';
import { type AnsweredTurn, withAnswer } from './read-answer.ts';

/**
 * Cancels a turn, wherever it is made: its maker finds its log closed and its lease gone, and stops the model. Whatever
 * was said is kept.
 *
 * @returns the turn as it ended, now or before
 * @throws ParleyError not_found where there is none
 * @throws ParleyError conflict when the Idempotency-Key was used for another request
 */
export async function cancelTurn(
  thread: ThreadRef,
  id: string,
  { idempotency, context }: { idempotency: IdempotentRequest; context: Context },
): Promise<AnsweredTurn & { replayed: boolean }> {
  const turn = await readTurn(thread, id);
  if (!turn) throw notFound('Turn');
  const replayed = await recordRequest(idempotency, context);
  // A repeated request cancels as well: the first may have died between the record and this.
  if (turn.status === 'in_progress') await stopTurn(thread, id, { incomplete: 'cancelled', context });
  return { ...(await withAnswer(thread, await readTurn(thread, id))), replayed };
}
