import type { Context } from '../domain/context.ts';
import { timeOf } from '../domain/ids.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { readLease } from '../store/turns.ts';
import { leaseMs } from './lease.ts';
import { askToSettle } from './worker.ts';

/** The reader's answer waits no longer than this. */
const WITHIN_MS = 500;

/**
 * Has a thread's running turn settled where its maker is dead, for a reader of the thread that may not write. What it
 * shows is the thread as it was; the next reader sees the turn's end. It never fails: the next reader asks again.
 */
export async function noticeDeadTurn(
  thread: ThreadRef,
  activeTurnId: string | undefined,
  context: Context,
): Promise<void> {
  if (activeTurnId === undefined || mustLive(activeTurnId, context)) return;
  try {
    const lease = await readLease(thread);
    if (lease?.turnId === activeTurnId && lease.expiresAtMs > context.now()) return;
    await askToSettle({ thread, settles: activeTurnId }, { withinMs: WITHIN_MS });
  } catch {
    context.measure({ settlingFailures: 1 });
  }
}

/** A turn that is younger than a lease still has its first: nobody needs to look. */
function mustLive(turnId: string, context: Context): boolean {
  return timeOf(turnId) + leaseMs() > context.now();
}
