import type { Context } from '../domain/context.ts';
import { notFound, ParleyError } from '../domain/errors.ts';
import type { NewMessage } from '../domain/message.ts';
import { appendMessage } from '../store/messages.ts';
import { keepInstead, type OnceOnly, type Written } from '../store/once.ts';
import { type Refusal, transact, type Write } from '../store/transact.ts';
import { leaseIn, startWrites } from '../store/turns.ts';
import { leaseEnd } from './lease.ts';
import { settleExpired } from './settle.ts';

/** What an Idempotency-Key keeps of a request that starts a turn. */
export interface KeptTurn {
  readonly messageId: string;
  readonly turnId: string;
}

interface Start {
  readonly threadPk: string;
  readonly once: OnceOnly;
  readonly context: Context;
  /** Where a turn of this thread is found. */
  readonly turnUrl: (turnId: string) => string;
}

/**
 * Stores a user's message and starts the turn that answers it, in one transaction.
 *
 * @throws ParleyError conflict, with the running turn, where there is one: then nothing is stored
 * @throws ParleyError not_found
 */
export async function startTurn(message: NewMessage, start: Start): Promise<Written<KeptTurn>> {
  const { threadPk, once, context } = start;
  for (;;) {
    const turnId = context.newId();
    const also = (messageId: string) =>
      startWrites(threadPk, { turnId, messageId, expiresAtMs: leaseEnd(context) });
    const kept = (messageId: string): KeptTurn => ({ messageId, turnId });
    const appended = await appendMessage(threadPk, { message, kept, also }, { once, context });
    if (appended.state === 'written') return appended;
    if (appended.state === 'missing') throw notFound('Conversation');
    await clearTheWay(appended.refusals, start);
  }
}

/** Starts another turn for a stored message, whose first has failed; its key keeps the new one. */
export async function restartTurn(kept: KeptTurn, start: Start): Promise<KeptTurn | null> {
  const { threadPk, once, context } = start;
  for (;;) {
    const next = { ...kept, turnId: context.newId() };
    const writes: readonly Write[] = [
      ...startWrites(threadPk, { ...next, expiresAtMs: leaseEnd(context) }),
      ...keepInstead(once, { before: kept, after: next }),
    ];
    const outcome = await transact(writes, context);
    if (outcome.committed) return next;
    const [lease, , recorded] = outcome.refusals;
    if (recorded) return null; // another attempt with this key was faster
    await clearTheWay([lease], start);
  }
}

/** Settles the turn in the way if it is dead. @throws ParleyError conflict when it is alive */
async function clearTheWay(
  [refusal]: readonly (Refusal | undefined)[],
  { threadPk, context, turnUrl }: Start,
): Promise<void> {
  const lease = leaseIn(refusal?.current);
  if (!lease || (await settleExpired(threadPk, lease, context))) return;
  throw new ParleyError('conflict', 'The assistant is answering another message', {
    extra: { turn: { id: lease.turnId, url: turnUrl(lease.turnId) } },
  });
}
