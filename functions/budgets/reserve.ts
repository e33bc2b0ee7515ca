import type { Context } from '../domain/context.ts';
import { DAY_MS } from '../domain/days.ts';
import { ParleyError } from '../domain/errors.ts';
import { moveShare } from '../store/token-budgets.ts';
import { type Budget, type Reservation, type Share, spentIn } from '../store/token-shares.ts';
import type { Item } from '../store/transact.ts';
import { limitOf } from './allowance.ts';
import { type Counting, countShare, countStale } from './share.ts';

/** Reservations are given back when what holds them ends. */
const SOON_SECONDS = 5;

/** The share of an answer that is not begun yet. */
export function firstShare({ tokens }: Reservation): Share {
  return { sent: 0, said: 0, held: tokens };
}

/**
 * Takes tokens from all budgets, or from none. It may be made twice under one id.
 *
 * @returns the refusal where one of them has too few left, else null
 */
export async function reserve(reservation: Reservation, context: Context): Promise<ParleyError | null> {
  const taken: Budget[] = [];
  let refusal: ParleyError | null = null;
  try {
    for (const budget of reservation.budgets) {
      taken.push(budget);
      refusal = await takeFrom(budget, reservation, context);
      if (refusal) return refusal;
    }
    taken.length = 0;
    return null;
  } finally {
    await giveBack({ ...reservation, budgets: taken }, context);
  }
}

/** Gives all of a reservation back: nothing was begun with it. */
export function giveBack(reservation: Reservation, context: Context): Promise<void> {
  return settleShares(reservation, () => ({ tokensOf: () => 0, isFinal: true }), context);
}

/**
 * Counts what was used in all budgets of a reservation, and the same in each: the last decides, because its tokens are
 * taken last, and a request is made only then. What fails is counted by whoever next takes tokens there, once no answer
 * of that time can live.
 */
export async function settleShares(
  { id, budgets }: Reservation,
  counting: (index: number) => Counting,
  context: Context,
): Promise<void> {
  let decided: Counting | null = null;
  for (const [index, budget] of [...budgets.entries()].toReversed()) {
    const { known, ...own } = counting(index);
    try {
      const counted = await countShare(budget, { id, known, ...(decided ?? own) }, context);
      if (counted === 'gone' && !own.isFinal) return; // its maker counts
      if (typeof counted === 'object') decided ??= counted;
    } catch {}
  }
}

async function takeFrom(
  budget: Budget,
  reservation: Reservation,
  context: Context,
): Promise<ParleyError | null> {
  const { id, expiresAt } = reservation;
  const move = { id, from: null, to: firstShare(reservation), limit: limitOf(budget), expiresAt };
  const first = await moveShare(budget, move, context);
  const hasFreed = await countStale(budget, first.budget, context);
  const last = first.isMoved || !hasFreed ? first : await moveShare(budget, move, context);
  return last.isMoved ? null : refusalOf(last.budget, { budget, reservation, context });
}

function refusalOf(
  item: Item,
  { budget, reservation, context }: { budget: Budget; reservation: Reservation; context: Context },
): ParleyError {
  const isUsedUp = spentIn(item).usedTokens + reservation.tokens > (limitOf(budget) ?? Infinity);
  const untilTomorrow = Math.ceil((DAY_MS - (context.now() % DAY_MS)) / 1_000);
  return new ParleyError('rate_limited', 'Too few tokens are left for today', {
    retryAfterSeconds: isUsedUp ? untilTomorrow : SOON_SECONDS,
  });
}
