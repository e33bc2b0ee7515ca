import type { Context } from '../domain/context.ts';
import { ANSWER_WITHIN_MS, STORE_WITHIN_MS } from '../domain/limits.ts';
import { renewLease } from '../store/turns.ts';

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

/**
 * Renews a turn's lease for as long as it works. A renewal that fails for another reason than a lost lease is tried
 * again at the next one: a lease outlives two of them.
 *
 * @returns ends the renewals
 * @param lost aborted when the turn has lost its lease: somebody took it for dead, and nothing it writes will count
 */
export function keepLease(
  threadPk: string,
  turnId: string,
  { context, lost }: { context: Context; lost: AbortController },
): () => void {
  const renew = async () => {
    const isHeld = await renewLease(threadPk, { turnId, expiresAtMs: leaseEnd(context) });
    if (!isHeld) lost.abort(new Error('The turn has lost its lease'));
  };
  const timer = setInterval(() => void renew().catch(() => {}), leaseMs() / 3);
  return () => clearInterval(timer);
}
