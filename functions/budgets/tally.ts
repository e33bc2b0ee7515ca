import type { Draft } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { type Spending, totalOf } from '../domain/spending.ts';
import { getItem } from '../store/get-item.ts';
import { type Share, shareIn } from '../store/token-shares.ts';
import type { Lease } from '../store/turns.ts';
import { spendingIn } from './count.ts';
import { settleShares } from './reserve.ts';

/** Counts what an answer has used. */
export interface Tally {
  /** What it has used. @param logged what its log has said */
  spendingOf(logged: Draft): Spending;
  /** Counts it in its budgets, and gives the rest of what was reserved back. It never fails. */
  settle(logged: Draft): Promise<void>;
}

/**
 * The tally of somebody who ends an answer that another makes, or has died over: its maker, where it lives, has heard
 * more, and counts that in the budgets later. A maker that asks the model once more meanwhile is counted, too.
 */
export async function tallyOf(
  { reservation, expiresAtMs }: Pick<Lease, 'reservation' | 'expiresAtMs'>,
  context: Context,
): Promise<Tally> {
  const untilMs = Math.min(context.now(), expiresAtMs);
  const spendingOf = (share: Share | null) => (logged: Draft) => spendingIn(logged, share, untilMs);
  const last = reservation?.budgets.at(-1);
  if (!reservation || !last) return { spendingOf: spendingOf(null), settle: async () => {} };
  const found = shareIn((await getItem(last)) ?? {}, reservation.id);
  return {
    spendingOf: spendingOf(found),
    settle: (logged) => {
      const tokensOf = (share: Share) => totalOf(spendingOf(share)(logged));
      return settleShares(reservation, () => ({ tokensOf, isFinal: false }), context);
    },
  };
}
