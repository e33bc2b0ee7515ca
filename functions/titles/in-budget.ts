import { meterOf } from '../budgets/meter.ts';
import { reserve } from '../budgets/reserve.ts';
import type { Tally } from '../budgets/tally.ts';
import { EMPTY_DRAFT } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import type { Meter } from '../model/meter.ts';
import type { TitleJob } from './ask.ts';

interface Spending {
  readonly allowance: TitleJob['allowance'];
  /** The most that it may use. */
  readonly tokens: number;
  readonly context: Context;
}

/**
 * Does what uses tokens within budgets, from which they are taken and in which they count like an answer's; nothing is
 * done where too few are left for today.
 */
export async function inBudget(
  { allowance, tokens, context }: Spending,
  spend: (meter: Meter & Tally) => Promise<void>,
): Promise<void> {
  const reservation = allowance && { ...allowance, tokens, id: context.newId() };
  if (reservation && (await reserve(reservation, context))) return;
  const meter = meterOf(reservation, context);
  try {
    await spend(meter);
  } finally {
    await meter.settle(EMPTY_DRAFT);
  }
}
