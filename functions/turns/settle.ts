import { answerMessage, type Draft, draftSince, type IncompleteReason, isAnswer } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import type { NewMessage } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { type FailureKind, type Turn, turnEnd } from '../domain/turn.ts';
import { settleReservation } from '../store/token-budgets.ts';
import { type Failed, transact, type Writes } from '../store/transact.ts';
import { closeLog, readLog, type TurnLog } from '../store/turn-log.ts';
import { endWrites, type Lease, readLease, readTurn } from '../store/turns.ts';
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
  /** What the log has, where the caller has written it. */
  readonly logged?: TurnLog;
  /** Only where its lease has expired. */
  readonly ifExpired?: boolean;
}

/**
 * Ends a turn, all at once: its log is closed, what was said is the assistant's message, the turn has its end, and the
 * lease and what is left of the reservation are given back. Where somebody else has ended it, that counts.
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
  let logged = settlement.logged ?? (await readLog(thread, turnId));
  // Its maker may have said more meanwhile: then the place at which the log was to be closed is taken.
  while (!logged.isClosed) {
    const outcome = await trySettle(thread, lease, { ...settlement, logged }, context);
    if (outcome !== 'grown') return outcome === 'ended';
    logged = await readLog(thread, turnId);
  }
  return false;
}

/** @returns `late` where somebody else has ended it, `grown` where the log has */
async function trySettle(
  thread: ThreadRef,
  { turnId, messageId, reservation }: Lease,
  { incomplete, failure, ifExpired = false, logged, said = logged }: Settlement & { logged: TurnLog },
  context: Context,
): Promise<'ended' | 'late' | 'grown'> {
  const end = turnEnd(said, incomplete, failure);
  const endedAtMs = context.now();
  const last = { ...draftSince(said, logged), seq: logged.next, expiresAt: logExpiry(context) };
  const usedTokens = said.usage ? said.usage.promptTokens + said.usage.completionTokens : 0;
  const writes = (assistantMessageId: string | null) => ({
    ...endWrites(thread, turnId, { end, assistantMessageId, endedAtMs, ifExpired }),
    log: closeLog(thread, turnId, last),
    budget: reservation && settleReservation(reservation, usedTokens),
  });
  const message = () => answerOf(thread, { said, incomplete }, messageId);
  const failed = isAnswer(said, incomplete)
    ? await insertMessage(thread, { message: message(), also: writes }, context)
    : await failedOf(writes(null), context);
  if (failed.turn ?? failed.lease) return 'late';
  return failed.log ? 'grown' : 'ended';
}

/** An answer's message names the one that it answers; some kinds of thread do so where clients see it, too. */
export function answerOf(
  thread: ThreadRef,
  { said, incomplete }: { said: Draft; incomplete: IncompleteReason | null },
  questionId: string,
): NewMessage {
  const message = answerMessage(said, incomplete);
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
