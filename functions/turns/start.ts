import type { Context } from '../domain/context.ts';
import { notFound, ParleyError } from '../domain/errors.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import type { NewMessage } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { messageTokens } from '../domain/tokens.ts';
import type { OnBusy } from '../domain/turn.ts';
import { namedTurn } from '../store/active-turn.ts';
import { changeHead } from '../store/advance-head.ts';
import { readHead } from '../store/heads.ts';
import { replaceRecord, type Written } from '../store/idempotency.ts';
import { type Failed, type Item, transact, type Writes } from '../store/transact.ts';
import { type Lease, leaseIn, refusingWrite, replaceTurn, startWrites } from '../store/turns.ts';
import { appendMessage } from '../threads/append-message.ts';
import { settleExpired } from './current-turn.ts';
import { type Hold, holdFor, wantedFor } from './hold.ts';
import { leaseEnd } from './lease.ts';
import { settleTurn } from './settle.ts';

/** A started turn and the message that it answers: the result that an Idempotency-Key's record holds. */
export interface StartedTurn {
  readonly messageId: string;
  readonly turnId: string;
}

/** Where and how a turn is started. */
export interface Start {
  readonly thread: ThreadRef;
  readonly idempotency: IdempotentRequest;
  readonly context: Context;
  readonly onBusy: OnBusy;
  /** Where a turn of this thread is found. */
  readonly turnUrl: (turnId: string) => string;
  /** The thread's, where the caller has read it. */
  readonly head?: Item;
}

/** A start whose thread is known to exist. */
export type StartIn = Start & { readonly head: Item };

/** A turn that was started, now or before. */
interface Started extends Written<StartedTurn> {
  /** Its lease, where it was started now. */
  readonly lease: Lease | null;
  /** Whether its question follows the last message that the given head names: what was read by it is all that is before. */
  readonly isNext: boolean;
}

/** The same start, with the thread's head. @returns null where there is no such thread */
export async function withHead(start: Start): Promise<StartIn | null> {
  const head = start.head ?? (await readHead(start.thread));
  return head && { ...start, head };
}

/**
 * Stores a user's message and starts the turn that answers it, in one transaction. A turn that is interrupted for it
 * ends first: what it has said stands before the message.
 *
 * @param claim its maker's, where that is who starts it: nobody else will begin to work on it
 * @returns null where there is no such thread any more
 * @throws ParleyError conflict, with the running turn, where there is one that is not to be interrupted
 * @throws ParleyError rate_limited when the tenant has too few tokens left for today; nothing is stored in either case
 */
export async function startTurn(
  message: NewMessage,
  start: StartIn,
  claim: string | null = null,
): Promise<Started | null> {
  const { thread, head, idempotency, context } = start;
  const newTokens = messageTokens(message);
  const wanted = wantedFor(head, { scope: idempotency.scope, newTokens, context });
  // What ends a turn in the way may say something.
  for (let seen: string | undefined = String(head.gsi1sk); ; seen = undefined) {
    const turnId = context.newId();
    const hold = await holdFor(wanted, turnId, context);
    const { reservation } = hold;
    const common = { turnId, expiresAtMs: leaseEnd(context), reservation, isClaimed: claim !== null };
    const also = (messageId: string) => turnWrites(thread, { ...common, messageId }, { hold, claim });
    const result = (messageId: string): StartedTurn => ({ messageId, turnId });
    const append = { message, result, also, changes: namedTurn(turnId), ...(seen !== undefined && { seen }) };
    try {
      const appended = await appendMessage(thread, append, { idempotency, context });
      if (appended.state === 'missing') return null;
      if (appended.state === 'written') {
        if (!appended.replayed) hold.keep();
        const lease = appended.replayed ? null : { ...common, messageId: appended.result.messageId };
        return { ...appended, lease };
      }
      const own = ownLease(appended.failed, turnId);
      if (own) {
        hold.keep();
        const { messageId } = own;
        return { result: { messageId, turnId }, replayed: false, lease: own, isNext: false };
      }
      await endBlockingTurn(appended.failed, hold, start);
    } finally {
      await hold.end();
    }
  }
}

/**
 * Starts another turn for a stored message, whose first has failed; its key keeps the new one.
 *
 * @throws ParleyError conflict where another attempt with this key was faster, and as startTurn
 */
export async function restartTurn(failed: StartedTurn, start: StartIn): Promise<StartedTurn> {
  const { thread, head, idempotency, context } = start;
  const wanted = wantedFor(head, { scope: idempotency.scope, newTokens: 0, context });
  for (;;) {
    const next = { ...failed, turnId: context.newId() };
    const hold = await holdFor(wanted, next.turnId, context);
    const record = replaceRecord(idempotency, { before: failed, after: next });
    const replaced = replaceTurn(thread, failed.turnId, next.turnId);
    try {
      const naming = changeHead(thread, namedTurn(next.turnId));
      const lease = { ...next, expiresAtMs: leaseEnd(context), reservation: hold.reservation };
      const writes = { record, replaced, naming, ...turnWrites(thread, lease, { hold, claim: null }) };
      const outcome = await transact(writes, context);
      const hasStarted = outcome.committed || ownLease(outcome.failed, next.turnId) !== null;
      if (hasStarted) hold.keep();
      if (hasStarted) return next;
      if (outcome.failed.naming) throw notFound('Thread');
      if (outcome.failed.record ?? outcome.failed.replaced)
        throw new ParleyError('conflict', 'The same request is being made by somebody else');
      await endBlockingTurn(outcome.failed, hold, start);
    } finally {
      await hold.end();
    }
  }
}

type TurnWrite = 'lease' | 'turn' | 'budget';

/** The lease that refused a start, where it is the start's own: it was written although nothing said so. */
function ownLease(failed: Failed<TurnWrite>, turnId: string): Lease | null {
  const lease = leaseIn(failed.lease?.current);
  return lease?.turnId === turnId ? lease : null;
}

/** Lease and turn, which do not start where too few tokens are left. */
function turnWrites(
  thread: ThreadRef,
  lease: Lease,
  { hold: { refusal }, claim }: { hold: Hold; claim: string | null },
): Writes<TurnWrite> {
  return {
    ...startWrites(thread, lease, claim),
    budget: refusal && refusingWrite(thread, lease.turnId),
  };
}

/** Ends the turn in the way, if it is dead or to be interrupted. @throws what stays in the way */
async function endBlockingTurn(
  failed: Failed<TurnWrite>,
  { refusal }: Hold,
  { thread, context, onBusy, turnUrl }: Start,
): Promise<void> {
  const lease = leaseIn(failed.lease?.current);
  if (lease && onBusy === 'interrupt')
    return void (await settleTurn(thread, lease, { incomplete: 'interrupted' }, context));
  if (lease && !(await settleExpired(thread, lease, context)))
    throw new ParleyError('conflict', 'The assistant is answering another message', {
      extra: { turn: { id: lease.turnId, url: turnUrl(lease.turnId) } },
    });
  if (!lease && refusal) throw refusal;
}
