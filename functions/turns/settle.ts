import { type Tally, tallyOf } from '../budgets/tally.ts';
import { answerMessage, type Draft, draftSince, type IncompleteReason, isAnswer } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import type { NewMessage } from '../domain/message.ts';
import { costUsd, type Spending, usageDetails } from '../domain/spending.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { type FailureKind, turnEnd } from '../domain/turn.ts';
import { NO_TURN } from '../store/active-turn.ts';
import { allChanges, changeHead } from '../store/advance-head.ts';
import { type HistoryStart, startKept } from '../store/history-start.ts';
import { type Failed, transact, type Writes } from '../store/transact.ts';
import { closeLog, readLog, type TurnLog } from '../store/turn-log.ts';
import { dropLease, endWrites, type Lease, readTurn } from '../store/turns.ts';
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
  /** Where what the model was sent of the thread begins, if the head does not say so yet. */
  readonly historyStart?: HistoryStart | null;
  /** What the log has, where the caller has written it. */
  readonly logged?: TurnLog;
  /** Only where its lease has expired. */
  readonly ifExpired?: boolean;
}

/** A turn that is to be ended: its lease, and what of it is as no transaction of ours leaves it. */
interface Ended extends Lease {
  /** The turn runs without a lease, which no turn gets again. */
  readonly hasNoLease?: boolean;
}

/**
 * Ends a turn, all at once: its log is closed, what was said is the assistant's message, the turn has its end, and the
 * lease is given back. Then what it has used counts in its budgets. Where somebody else has ended it, that holds.
 *
 * A thread that was restored from a backup may have parts of different instants, which no transaction leaves: a lease
 * without a running turn is taken away, a running turn whose log is closed ends with what that says.
 *
 * @returns whether this has ended it
 */
export async function settleTurn(
  thread: ThreadRef,
  ended: Ended,
  settlement: Settlement,
  context: Context,
): Promise<boolean> {
  const { turnId } = ended;
  const tally = settlement.tally ?? (await tallyOf(ended, context));
  // Its maker may have said more meanwhile: then the place at which the log was to be closed is taken.
  for (let known = settlement.logged; ; known = undefined) {
    const logged = known ?? (await readLog(thread, turnId));
    const isOver = logged.isClosed && (await readTurn(thread, turnId))?.status !== 'in_progress';
    const outcome = isOver
      ? 'late'
      : await trySettle(thread, ended, { ...settlement, tally, logged }, context);
    if (outcome === 'grown') continue;
    if (outcome === 'renewed') return false;
    await tally.settle(logged);
    if (outcome === 'void') await dropLease(thread, turnId, context);
    return outcome === 'ended';
  }
}

/**
 * @returns `late` where somebody else has ended it, `renewed` where its lease is not as it was, `grown` where the log is,
 *   `void` where there is a lease for no running turn
 */
async function trySettle(
  thread: ThreadRef,
  { turnId, messageId, hasNoLease = false }: Ended,
  {
    incomplete,
    failure,
    ifExpired = false,
    historyStart = null,
    logged,
    said = logged,
    tally,
  }: Settlement & { logged: TurnLog; tally: Tally },
  context: Context,
): Promise<'ended' | 'late' | 'renewed' | 'grown' | 'void'> {
  const spent = tally.spendingOf(said);
  const end = { ...turnEnd(said, incomplete, failure), spent };
  const endedAtMs = context.now();
  const last = { ...draftSince(said, logged), seq: logged.next, expiresAt: logExpiry(context) };
  const writes = (assistantMessageId: string | null) => {
    const { turn, lease } = endWrites(thread, turnId, { end, assistantMessageId, endedAtMs, ifExpired });
    const log = logged.isClosed ? null : closeLog(thread, turnId, last);
    const usage = usageWrites(thread, { id: turnId, of: 'answers', before: null, after: spent });
    return { turn, lease: hasNoLease ? null : lease, log, ...usage };
  };
  const message = () => answerOf(thread, { said, incomplete, spent }, messageId);
  // Without a lease of its own it does not know whether the head names another's turn.
  const changes = hasNoLease ? { sets: [] } : allChanges([NO_TURN, startKept(historyStart)]);
  const head = hasNoLease ? null : changeHead(thread, changes);
  const failed = isAnswer(said, incomplete)
    ? await insertMessage(thread, { message: message(), also: writes, changes }, context)
    : await failedOf({ ...writes(null), head }, context);
  if (failed.turn) return failed.lease || hasNoLease ? 'late' : 'void';
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
