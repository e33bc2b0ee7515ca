import type { Context } from '../domain/context.ts';
import { notFound, ParleyError } from '../domain/errors.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import type { NewMessage } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { messageTokens } from '../domain/tokens.ts';
import type { OnBusy } from '../domain/turn.ts';
import { namedTurn } from '../store/active-turn.ts';
import { changeHead } from '../store/advance-head.ts';
import { replaceRecord, type Written } from '../store/idempotency.ts';
import { type Failed, transact, type Writes } from '../store/transact.ts';
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
}

/**
 * Stores a user's message and starts the turn that answers it, in one transaction. A turn that is interrupted for it
 * ends first: what it has said stands before the message.
 *
 * @returns null where there is no such thread
 * @throws ParleyError conflict, with the running turn, where there is one that is not to be interrupted
 * @throws ParleyError rate_limited when the tenant has too few tokens left for today; nothing is stored in either case
 */
export async function startTurn(message: NewMessage, start: Start): Promise<Written<StartedTurn> | null> {
  const { thread, idempotency, context } = start;
  const newTokens = messageTokens(message);
  const wanted = await wantedFor(thread, { scope: idempotency.scope, newTokens, context });
  for (;;) {
    const turnId = context.newId();
    const hold = await holdFor(wanted, turnId, context);
    const also = (messageId: string) => turnWrites({ messageId, turnId }, hold, start);
    const result = (messageId: string): StartedTurn => ({ messageId, turnId });
    try {
      const appended = await appendMessage(
        thread,
        { message, result, also, changes: namedTurn(turnId) },
        { idempotency, context },
      );
      if (appended.state === 'written' && !appended.replayed) hold.keep();
      if (appended.state === 'written') return appended;
      if (appended.state === 'missing') return null;
      const own = ownLease(appended.failed, turnId);
      if (own) hold.keep();
      if (own) return { result: { messageId: own.messageId, turnId }, replayed: false };
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
export async function restartTurn(failed: StartedTurn, start: Start): Promise<StartedTurn> {
  const { thread, idempotency, context } = start;
  const wanted = await wantedFor(thread, { scope: idempotency.scope, newTokens: 0, context });
  for (;;) {
    const next = { ...failed, turnId: context.newId() };
    const hold = await holdFor(wanted, next.turnId, context);
    const record = replaceRecord(idempotency, { before: failed, after: next });
    const replaced = replaceTurn(thread, failed.turnId, next.turnId);
    try {
      const head = changeHead(thread, namedTurn(next.turnId));
      const outcome = await transact({ record, replaced, head, ...turnWrites(next, hold, start) }, context);
      const hasStarted = outcome.committed || ownLease(outcome.failed, next.turnId) !== null;
      if (hasStarted) hold.keep();
      if (hasStarted) return next;
      if (outcome.failed.head) throw notFound('Thread');
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
  turn: StartedTurn,
  { reservation, refusal }: Hold,
  { thread, context }: Start,
): Writes<TurnWrite> {
  return {
    ...startWrites(thread, { ...turn, expiresAtMs: leaseEnd(context), reservation }),
    budget: refusal && refusingWrite(thread, turn.turnId),
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
