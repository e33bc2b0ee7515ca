import type { Context } from '../domain/context.ts';
import { reserve, settleReservation } from '../store/token-budgets.ts';
import { transact } from '../store/transact.ts';
import { modelConfiguration } from '../model/configuration.ts';
import type { TitleJob } from './ask.ts';
import { type Opening, titleTokens, type WrittenTitle } from './model-title.ts';

/**
 * Writes a title within a tenant's budget, which it is reserved from and settled in like an answer.
 *
 * @returns null where too few tokens are left for today, or the title is empty
 */
export async function inBudget(
  budget: TitleJob['budget'],
  opening: Opening,
  context: Context,
  write: () => Promise<WrittenTitle>,
): Promise<string | null> {
  const { tokenBudget } = modelConfiguration();
  if (!budget || tokenBudget === null) return (await write()).title || null;
  const reservation = { ...budget, tokens: titleTokens(opening) };
  if (!(await transact([reserve(reservation, tokenBudget)], context)).committed) return null;
  let usedTokens = 0;
  try {
    const { title, usage } = await write();
    usedTokens = usage ? usage.promptTokens + usage.completionTokens : 0;
    return title || null;
  } finally {
    await transact([settleReservation(reservation, usedTokens)], context);
  }
}
