import type { Draft } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { getItem } from '../store/get-item.ts';
import { type Reservation, shareIn } from '../store/token-shares.ts';
import { type Count, countFrom, totalOf } from './count.ts';
import { settleShares } from './reserve.ts';

/** Counts what an answer has used. */
export interface Tally {
  /** What counts of it, or null where nothing is counted. @param logged what its log has said */
  countOf(logged: Draft): Count | null;
  /** Counts it in its budgets, and gives the rest of what was reserved back. It never fails. */
  settle(logged: Draft): Promise<void>;
}

const NO_TALLY: Tally = { countOf: () => null, settle: async () => {} };

/**
 * The tally of somebody who ends an answer that another makes, or has died over: its maker, where it lives, has heard
 * more, and counts that later. A maker that asks the model once more meanwhile is counted, too.
 */
export async function tallyOf(reservation: Reservation | null, context: Context): Promise<Tally> {
  const last = reservation?.budgets.at(-1);
  if (!reservation || !last) return NO_TALLY;
  const share = shareIn((await getItem(last)) ?? {}, reservation.id);
  return {
    countOf: (logged) => share && countFrom(share, logged),
    settle: (logged) => {
      const tokensOf = (share: Parameters<typeof countFrom>[0]) => totalOf(countFrom(share, logged));
      return settleShares(reservation, () => ({ tokensOf, isFinal: false }), context);
    },
  };
}
