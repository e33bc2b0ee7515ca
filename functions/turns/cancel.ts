import type { Context } from '../domain/context.ts';
import type { Turn } from '../domain/turn.ts';
import { type OnceOnly, recordOnce } from '../store/once.ts';
import { readTurn } from '../store/turns.ts';
import { stopTurn } from './settle.ts';

/**
 * Cancels a turn, wherever it is made: its maker finds its log closed and its lease gone, and stops the model. Whatever
 * was said is kept.
 *
 * @returns the turn as it ended, now or before, or null where there is none
 * @throws ParleyError conflict when the Idempotency-Key was used for another request
 */
export async function cancelTurn(
  threadPk: string,
  id: string,
  { once, context }: { once: OnceOnly; context: Context },
): Promise<{ turn: Turn; replayed: boolean } | null> {
  const turn = await readTurn(threadPk, id);
  if (!turn) return null;
  const replayed = await recordOnce(once, context);
  // A repeated request cancels as well: the first may have died between the record and this.
  if (turn.status === 'in_progress') await stopTurn(threadPk, id, { incomplete: 'cancelled', context });
  const ended = await readTurn(threadPk, id);
  return ended && { turn: ended, replayed };
}
