import { type Tally, tallyOf } from '../budgets/tally.ts';
import { answerMessage, type Draft, draftSince, type IncompleteReason, isAnswer } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import type { NewMessage } from '../domain/message.ts';
import { costUsd, type Spending, usageDetails } from '../domain/spending.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { type FailureKind, type Turn, turnEnd } from '../domain/turn.ts';
import { type Failed, transact, type Writes } from '../store/transact.ts';
import { closeLog, readLog, type TurnLog } from '../store/turn-log.ts';
import { endWrites, type Lease, readLease, readTurn } from '../store/turns.ts';
import { usageWrites } from '../store/usage.ts';
import { insertMessage } from '../threads/append-message.ts';
import { kindOf } from '../threads/kinds.ts';
import { logExpiry } from './log-writer.ts';

export interface Settlement {
  /** Why the answer is not whole, or null. */
  readonly incomplete: IncompleteReason | null;
  /** What the maker has heard from the model. Anybody else leaves it out, and what the log has is taken. */
  readonly said?: Draft;
  /** Why there is no answer, where its maker knows. */
  readonly failure?: FailureKind | undefined;
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
 *
 * @returns whether this has ended it
 */
export async function settleTurn(
  thread: ThreadRef,
  lease: Lease,
  settlement: Settlement,
  context: Context,
): Promise<boolean> {
  const { turnId } = lease;
  const tally = settlement.tally ?? (await tallyOf(lease, context));
  let logged = settlement.logged ?? (await readLog(thread, turnId));
  // Its maker may have said more meanwhile: then the place at which the log was to be closed is taken.
  while (!logged.isClosed) {
    const outcome = await trySettle(thread, lease, { ...settlement, tally, logged }, context);
    if (outcome === 'renewed') return false;
    if (outcome !== 'grown') {
      await tally.settle(logged);
      return outcome === 'ended';
    }
    logged = await readLog(thread, turnId);
  }
  await tally.settle(logged);
  return false;
}

/** @returns `late` where somebody else has ended it, `renewed` where its lease is not as it was, `grown` where the log is */
async function trySettle(
  thread: ThreadRef,
  { turnId, messageId }: Lease,
  {
    incomplete,
    failure,
    ifExpired = false,
    logged,
    said = logged,
    tally,
  }: Settlement & { logged: TurnLog; tally: Tally },
  context: Context,
): Promise<'ended' | 'late' | 'renewed' | 'grown'> {
  const spent = tally.spendingOf(said);
  const end = { ...turnEnd(said, incomplete, failure), spent };
  const endedAtMs = context.now();
  const last = { ...draftSince(said, logged), seq: logged.next, expiresAt: logExpiry(context) };
  const writes = (assistantMessageId: string | null) => ({
    ...endWrites(thread, turnId, { end, assistantMessageId, endedAtMs, ifExpired }),
    log: closeLog(thread, turnId, last),
    ...usageWrites(thread, { id: turnId, of: 'answers', before: null, after: spent }),
  });
  const message = () => answerOf(thread, { said, incomplete, spent }, messageId);
  const failed = isAnswer(said, incomplete)
    ? await insertMessage(thread, { message: message(), also: writes }, context)
    : await failedOf(writes(null), context);
  if (failed.turn) return 'late';
  if (failed.lease) return 'renewed';
  return failed.log ? 'grown' : 'ended';
}

/** What is stored of an answer, and what it has used. */
interface Said {
  readonly said: Draft;
  readonly incomplete: IncompleteReason | null;
  readonly spent: Spending;
}

/** An answer's message names the one that it answers; some kinds of thread do so where clients see it, too. */
export function answerOf(
  thread: ThreadRef,
  { said, incomplete, spent }: Said,
  questionId: string,
): NewMessage {
  const message = answerMessage(said, incomplete);
  const usage_details = usageDetails(spent);
  const cost_usd = costUsd(spent);
  const metadata = {
    ...message.metadata,
    ...(usage_details && { usage_details: { ...usage_details } }),
    ...(cost_usd !== null && { cost_usd }),
    ...kindOf(thread).answerMetadata(questionId),
  };
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
