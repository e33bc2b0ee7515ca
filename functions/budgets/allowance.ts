import type { Context } from '../domain/context.ts';
import { DAY_MS, dayOf } from '../domain/days.ts';
import type { Tenancy } from '../domain/principal.ts';
import { modelConfiguration } from '../model/configuration.ts';
import * as keys from '../store/keys.ts';
import type { Allowance, Budget } from '../store/token-shares.ts';

/** Until every answer that has taken from a budget has ended, and for people to look at. */
const KEPT_DAYS = 7;

/** What a caller's answers take their tokens from today (UTC), or null where nothing is limited. */
export function allowanceOf(scope: Tenancy, context: Context): Allowance | null {
  const { tokenBudget, tokenBudgetPerUser } = modelConfiguration();
  const day = dayOf(context.now());
  const budgets: Budget[] = [
    ...(tokenBudgetPerUser === null ? [] : [{ ...keys.userTokenBudget(scope, day), of: 'user' as const }]),
    ...(tokenBudget === null ? [] : [{ ...keys.tokenBudget(scope.tenant, day), of: 'tenant' as const }]),
  ];
  if (budgets.length === 0) return null;
  return { budgets, expiresAt: Math.floor((context.now() + KEPT_DAYS * DAY_MS) / 1_000) };
}

/** The most tokens of a budget on its day, or null for any number. */
export function limitOf({ of }: Budget): number | null {
  const { tokenBudget, tokenBudgetPerUser } = modelConfiguration();
  return { tenant: tokenBudget, user: tokenBudgetPerUser }[of];
}
