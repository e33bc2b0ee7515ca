import type { IncompleteReason } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import type { Turn } from '../domain/turn.ts';
import { readLease } from '../store/turns.ts';
import { awaitTurn, currentTurn, stopTurn } from './current-turn.ts';
import { waitMs } from './lease.ts';
import { type AnswerJob, invokeWorker } from './worker.ts';

/**
 * Has a started turn made, and waits for its end as long as a request can.
 *
 * @returns the turn as it is then: ended, or `in_progress`, and it goes on
 * @throws what Lambda said, when it could not be asked; the turn has failed
 */
export async function dispatchTurn(job: AnswerJob, context: Context): Promise<Turn | null> {
  const { thread, turnId } = job;
  // Without its lease a worker that was started after all writes nothing.
  const stop = (incomplete: IncompleteReason) => stopTurn(thread, turnId, { incomplete, context });
  try {
    const state = await invokeWorker(job, { waitMs: waitMs(context) });
    if (state === 'died') await stop('internal_error');
    if (state === 'throttled' && !(await isBegun(job))) await stop('throttled');
    if (state === 'working') return currentTurn(thread, turnId, context);
  } catch (error) {
    await stop('internal_error');
    throw error;
  }
  // Another request with the same key may have had it begun first: then this one's worker has ended at once.
  return awaitTurn(thread, turnId, { waitMs: waitMs(context), context });
}

/** Whether a worker makes it, which another request with the same key has asked. */
async function isBegun({ thread, turnId }: AnswerJob): Promise<boolean> {
  const lease = await readLease(thread);
  return lease?.turnId === turnId && lease.isClaimed === true;
}
