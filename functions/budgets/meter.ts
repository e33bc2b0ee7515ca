import type { Context } from '../domain/context.ts';
import type { TokenUsage } from '../domain/message.ts';
import { addSpendings, NO_SPENDING, type RunningSpending, totalOf } from '../domain/spending.ts';
import type { Meter, RequestSize } from '../model/meter.ts';
import { moveShare } from '../store/token-budgets.ts';
import type { Reservation, Share } from '../store/token-shares.ts';
import { limitOf } from './allowance.ts';
import { type CountedRequest, countedRequest } from './metered-request.ts';
import { firstShare, settleShares } from './reserve.ts';
import type { Tally } from './tally.ts';

/** What only who makes an answer can tell. */
interface MakersTally {
  /** What was used so far. */
  running(): RunningSpending;
}

/**
 * Measures what is asked of the model for one answer, or title. Before each request it takes what that may come to from
 * all budgets; where one has too few left, or the answer was ended, the request is not made.
 *
 * @param reservation null where nothing is limited
 */
export function meterOf(reservation: Reservation | null, context: Context): Meter & Tally & MakersTally {
  const requests: CountedRequest[] = [];
  const budgets = reservation?.budgets ?? [];
  const shares = reservation ? budgets.map(() => firstShare(reservation)) : [];
  const spending = () => requests.map((each) => each.spending()).reduce(addSpendings, NO_SPENDING);

  /** @returns whether all budgets have it */
  async function take(share: Share, { id }: Reservation): Promise<boolean> {
    for (const [index, budget] of budgets.entries()) {
      const from = shares[index] ?? null;
      const { isMoved } = await moveShare(budget, { id, from, to: share, limit: limitOf(budget) }, context);
      if (!isMoved) return false;
      shares[index] = share;
    }
    return true;
  }

  return {
    begin: async (size) => {
      if (reservation && !(await take(shareFor(size, spending()), reservation))) return null;
      const request = countedRequest(size, () => context.now());
      requests.push(request);
      return request;
    },
    spendingOf: spending,
    running: () => ({
      ...spending(),
      atMs: context.now(),
      outputNanos: requests.at(-1)?.outputNanos() ?? null,
    }),
    settle: async () => {
      if (!reservation) return;
      const tokens = totalOf(spending());
      const counting = (index: number) => ({ tokensOf: () => tokens, isFinal: true, known: shares[index] });
      await settleShares(reservation, counting, context);
    },
  };
}

/** What an answer has of a budget while it waits for the next request's answer. */
function shareFor({ inputTokens, outputTokens }: RequestSize, before: TokenUsage): Share {
  return {
    sent: before.promptTokens + inputTokens,
    said: before.completionTokens,
    held: totalOf(before) + inputTokens + outputTokens,
  };
}
