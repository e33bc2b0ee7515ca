import type { Context } from '../domain/context.ts';
import type { Turn, TurnEnd } from '../domain/turn.ts';
import { type Lease, endWrites, readLease, readTurn } from '../store/turns.ts';
import { transact } from '../store/transact.ts';

const NOTHING = { status: 'failed', assistantMessageId: null, usage: null } as const;

/** The end of a turn whose function has died. */
export const DIED = {
  ...NOTHING,
  error: { code: 'internal_error', message: 'The answer was interrupted' },
} as const satisfies TurnEnd;

/** The end of a turn that the model did not answer. */
export const FAILED = {
  ...NOTHING,
  error: { code: 'internal_error', message: 'The assistant could not answer; the message is stored' },
} as const satisfies TurnEnd;

/** The end of a turn that was never begun, because too many functions run. */
export const THROTTLED = {
  ...NOTHING,
  error: { code: 'rate_limited', message: 'Too many answers are being made; the message is stored' },
} as const satisfies TurnEnd;

/** Ends a turn without an answer. Where somebody else has ended it, that counts. */
export async function endTurn(
  threadPk: string,
  turnId: string,
  { end, context }: { end: TurnEnd; context: Context },
): Promise<void> {
  await transact(endWrites(threadPk, turnId, { end, endedAtMs: context.now() }), context);
}

/**
 * Ends the turn of a lease that has expired: whoever made it is dead, or frozen, and nothing it writes will count. One
 * that has just been renewed after all goes on.
 *
 * @returns whether the lease was seen to have expired: look again
 */
export async function settleExpired(
  threadPk: string,
  { turnId, expiresAtMs }: Lease,
  context: Context,
): Promise<boolean> {
  const endedAtMs = context.now();
  if (expiresAtMs > endedAtMs) return false;
  await transact(endWrites(threadPk, turnId, { end: DIED, endedAtMs, ifExpired: true }), context);
  return true;
}

/** A turn as it is now: one whose lease has expired is settled by whoever looks. Null where there is none. */
export async function currentTurn(threadPk: string, id: string, context: Context): Promise<Turn | null> {
  const turn = await readTurn(threadPk, id);
  if (turn?.status !== 'in_progress') return turn;
  const lease = await readLease(threadPk);
  const isHeld = lease?.turnId === id && !(await settleExpired(threadPk, lease, context));
  return isHeld ? turn : await readTurn(threadPk, id);
}

const POLL_MS = 250;

/** The turn once it has ended, or as it is after so long. */
export async function awaitTurn(
  threadPk: string,
  id: string,
  { waitMs, context }: { waitMs: number; context: Context },
): Promise<Turn | null> {
  const until = context.now() + waitMs;
  for (;;) {
    const turn = await currentTurn(threadPk, id, context);
    if (turn?.status !== 'in_progress' || context.now() + POLL_MS > until) return turn;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
