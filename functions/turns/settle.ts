import { type Count, usageDetails } from '../budgets/count.ts';
import { type Tally, tallyOf } from '../budgets/tally.ts';
import { answerMessage, type Draft, draftSince, type IncompleteReason, isAnswer } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import type { NewMessage } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { type Turn, turnEnd } from '../domain/turn.ts';
import { type Failed, transact, type Writes } from '../store/transact.ts';
import { closeLog, readLog, type TurnLog } from '../store/turn-log.ts';
import { endWrites, type Lease, readLease, readTurn } from '../store/turns.ts';
import { insertMessage } from '../threads/append-message.ts';
import { kindOf } from '../threads/kinds.ts';
import { logExpiry } from './log-writer.ts';

interface Settlement {
  /** Why the answer is not whole, or null. */
  readonly incomplete: IncompleteReason | null;
  /** What the maker has heard from the model. Anybody else leaves it out, and what the log has is taken. */
  readonly said?: Draft;
  /** What its maker has counted. Anybody else leaves it out. */
  readonly tally?: Tally;
  /** What the log has, where the caller has written it. */
  readonly logged?: TurnLog;
  /** Only where its lease has expired. */
  readonly ifExpired?: boolean;
}

/**
 * Ends a turn, all at once: its log is closed, what was said is the assistant's message, the turn has its end, and the
 * lease is given back. Then what it has used counts in its budgets. Where somebody else has ended it, that holds.
 */
export async function settleTurn(
  thread: ThreadRef,
  lease: Lease,
  settlement: Settlement,
  context: Context,
): Promise<void> {
  const { turnId, reservation } = lease;
  const tally = settlement.tally ?? (await tallyOf(reservation, context));
  let logged = settlement.logged ?? (await readLog(thread, turnId));
  // Its maker may have said more meanwhile: then the place at which the log was to be closed is taken.
  while (!logged.isClosed && !(await trySettle(thread, lease, { ...settlement, tally, logged }, context)))
    logged = await readLog(thread, turnId);
  if (logged.isClosed) await tally.settle(logged);
}

/** @returns false when the log has grown */
async function trySettle(
  thread: ThreadRef,
  { turnId, messageId }: Lease,
  {
    incomplete,
    ifExpired = false,
    logged,
    said = logged,
    tally,
  }: Settlement & { logged: TurnLog; tally: Tally },
  context: Context,
): Promise<boolean> {
  const end = turnEnd(said, incomplete);
  const endedAtMs = context.now();
  const last = { ...draftSince(said, logged), seq: logged.next, expiresAt: logExpiry(context) };
  const writes = (assistantMessageId: string | null) => ({
    ...endWrites(thread, turnId, { end, assistantMessageId, endedAtMs, ifExpired }),
    log: closeLog(thread, turnId, last),
  });
  const message = () =>
    named(counted(answerMessage(said, incomplete), tally.countOf(said)), thread, messageId);
  const failed = isAnswer(said, incomplete)
    ? await insertMessage(thread, { message: message(), also: writes }, context)
    : await failedOf(writes(null), context);
  if (failed.lease && !failed.turn) return true; // it was renewed, and goes on
  const hasEnded = Boolean(failed.turn) || !failed.log;
  if (hasEnded) await tally.settle(logged);
  return hasEnded;
}

/** The message tells where it counts by an estimate. */
function counted(message: NewMessage, count: Count | null): NewMessage {
  return { ...message, metadata: { ...message.metadata, ...usageDetails(count) } };
}

/** The message names the one that it answers; some kinds of thread do so where clients see it, too. */
function named(message: NewMessage, thread: ThreadRef, questionId: string): NewMessage {
  const metadata = { ...message.metadata, ...kindOf(thread).answerMetadata(questionId) };
  return { ...message, answersId: questionId, metadata };
}

async function failedOf<Name extends string>(writes: Writes<Name>, context: Context): Promise<Failed<Name>> {
  const outcome = await transact(writes, context);
  return outcome.committed ? {} : outcome.failed;
}

/** Ends a turn for its maker, which did not, or is not to go on. */
export async function stopTurn(
  thread: ThreadRef,
  turnId: string,
  { incomplete, context }: { incomplete: IncompleteReason; context: Context },
): Promise<void> {
  const lease = await readLease(thread);
  if (lease?.turnId === turnId) await settleTurn(thread, lease, { incomplete }, context);
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

/** A turn as it is now, or null. If its lease has expired, this settles it first. */
export async function currentTurn(thread: ThreadRef, id: string, context: Context): Promise<Turn | null> {
  const turn = await readTurn(thread, id);
  if (turn?.status !== 'in_progress') return turn;
  const lease = await readLease(thread);
  const isHeld = lease?.turnId === id && !(await settleExpired(thread, lease, context));
  return isHeld ? turn : await readTurn(thread, id);
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
