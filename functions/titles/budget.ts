import type { Context } from '../domain/context.ts';
import type { TokenUsage } from '../domain/message.ts';
import { NO_USAGE } from '../domain/tokens.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { reserve, settleReservation } from '../store/token-budgets.ts';
import { transact } from '../store/transact.ts';
import type { TitleJob } from './ask.ts';

interface Spending {
  readonly budget: TitleJob['budget'];
  /** The most that it may use. */
  readonly tokens: number;
  readonly context: Context;
}

/**
 * Does what uses tokens within a tenant's budget, which they are reserved from and settled in like an answer's; nothing
 * is done where too few are left for today. What a function had reserved that dies meanwhile stays taken for the day.
 *
 * @param spend reports what it has used so far
 */
export async function inBudget(
  { budget, tokens, context }: Spending,
  spend: (report: (usage: TokenUsage) => void) => Promise<void>,
): Promise<void> {
  const { tokenBudget } = modelConfiguration();
  if (!budget || tokenBudget === null) return spend(() => {});
  const reservation = { ...budget, tokens };
  if (!(await transact({ budget: reserve(reservation, tokenBudget) }, context)).committed) return;
  let used = NO_USAGE;
  try {
    await spend((usage) => (used = usage));
  } finally {
    const usedTokens = used.promptTokens + used.completionTokens;
    await transact({ budget: settleReservation(reservation, usedTokens) }, context);
  }
}
