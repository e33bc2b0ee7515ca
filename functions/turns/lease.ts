import type { Context } from '../domain/context.ts';
import { ANSWER_WITHIN_MS, STORE_WITHIN_MS } from '../domain/limits.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { type Lease, readLease, renewLease } from '../store/turns.ts';

const DEFAULT_LEASE_MS = 60_000;

/** How long a turn may be silent before it is taken for dead. */
export function leaseMs(env: NodeJS.ProcessEnv = process.env): number {
  return Number(env.TURN_LEASE_MS) || DEFAULT_LEASE_MS;
}

/** How long a request may wait for a turn: as long as its gateway does, less what its own answer takes. */
export function waitMs(context: Context, env: NodeJS.ProcessEnv = process.env): number {
  const longest = Number(env.TURN_WAIT_MS) || ANSWER_WITHIN_MS;
  return Math.max(0, Math.min(longest, context.remainingMs() - STORE_WITHIN_MS));
}

export function leaseEnd(context: Context): number {
  return context.now() + leaseMs();
}

/** How often a turn checks that it still holds its lease: a cancel takes effect within a second. */
const LOOK_MS = 500;

/**
 * Holds a turn's lease for as long as it works, also after it has expired, and notices when it is lost. What fails for
 * another reason is tried again half a second later.
 *
 * @returns ends it
 * @param lost aborted when the turn has lost its lease: it was cancelled, or taken for dead, and nothing it writes will
 *   count
 */
export function keepLease(
  thread: ThreadRef,
  lease: Lease,
  { context, lost }: { context: Context; lost: AbortController },
): () => void {
  const { turnId } = lease;
  let { expiresAtMs } = lease;
  const look = async () => {
    const isDue = expiresAtMs - context.now() < (leaseMs() * 2) / 3;
    const held = isDue
      ? await renewLease(thread, { turnId, expiresAtMs: leaseEnd(context) }, context)
      : await readLease(thread);
    if (held?.turnId === turnId) ({ expiresAtMs } = held);
    else lost.abort(new Error('The turn has been ended'));
  };
  let isLooking = false;
  const lookAlone = async () => {
    if (isLooking) return; // the database takes its time
    isLooking = true;
    await look().catch(() => {});
    isLooking = false;
  };
  const timer = setInterval(() => void lookAlone(), LOOK_MS);
  return () => clearInterval(timer);
}
