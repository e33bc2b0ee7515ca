import type { IncompleteReason } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { timeOf } from '../domain/ids.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Turn } from '../domain/turn.ts';
import { forgetTurn } from '../store/active-turn.ts';
import { type Lease, readLease, readTurn } from '../store/turns.ts';
import { settleTurn } from './settle.ts';

/** Ends a turn for its maker, which did not, or is not to go on. */
export async function stopTurn(
  thread: ThreadRef,
  turnId: string,
  { incomplete, context }: { incomplete: IncompleteReason; context: Context },
): Promise<void> {
  const lease = await readLease(thread);
  if (lease?.turnId === turnId) await settleTurn(thread, lease, { incomplete }, context);
  else await settleUnleased(thread, turnId, context);
}

/**
 * Ends the turn of a lease that has expired: its maker is dead, or frozen, and nothing it writes will count. A lease
 * that has just been renewed after all goes on.
 *
 * @returns whether the lease was seen to have expired: look again
 */
export async function settleExpired(thread: ThreadRef, lease: Lease, context: Context): Promise<boolean> {
  if (lease.expiresAtMs > context.now()) return false;
  await settleTurn(thread, lease, { incomplete: 'internal_error', ifExpired: true }, context);
  return true;
}

/** A turn as it is now, or null. Where its maker is dead, this settles it first. */
export async function currentTurn(thread: ThreadRef, id: string, context: Context): Promise<Turn | null> {
  const turn = await readTurn(thread, id);
  if (turn?.status !== 'in_progress') return turn;
  const lease = await readLease(thread);
  if (lease?.turnId !== id) return settleUnleased(thread, id, context);
  return (await settleExpired(thread, lease, context)) ? await readTurn(thread, id) : turn;
}

/**
 * A turn that was seen to run, and then to have no lease: it has ended between, or it will never end by itself. A turn
 * gets its lease when it starts, and loses it when it ends.
 */
async function settleUnleased(thread: ThreadRef, id: string, context: Context): Promise<Turn | null> {
  const turn = await readTurn(thread, id);
  if (turn?.status !== 'in_progress') return turn;
  const { messageId } = turn;
  const ended = { turnId: id, messageId, expiresAtMs: timeOf(id), reservation: null, hasNoLease: true };
  await settleTurn(thread, ended, { incomplete: 'internal_error' }, context);
  await forgetTurn(thread, id, context);
  return await readTurn(thread, id);
}

/** Settles the turn that a head names, where its maker is dead; then the head names it no more. */
export async function settleNamed(thread: ThreadRef, id: string, context: Context): Promise<void> {
  const turn = await currentTurn(thread, id, context);
  if (turn?.status !== 'in_progress') await forgetTurn(thread, id, context);
}

const POLL_MS = 250;

/** The turn once it has ended, or as it is after so long. */
export async function awaitTurn(
  thread: ThreadRef,
  id: string,
  { waitMs, context }: { waitMs: number; context: Context },
): Promise<Turn | null> {
  const until = context.now() + waitMs;
  for (;;) {
    const turn = await currentTurn(thread, id, context);
    if (turn?.status !== 'in_progress' || context.now() + POLL_MS > until) return turn;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
