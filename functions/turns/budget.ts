import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import type { Tenancy } from '../domain/principal.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { mostOutputTokens } from '../model/models.ts';
import { readHead, tokensIn } from '../store/heads.ts';
import * as keys from '../store/keys.ts';
import type { Reservation, Spent } from '../store/token-budgets.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Until every turn that has taken from a budget has ended, and for people to look at. */
const KEPT_DAYS = 7;
/** Reservations are given back when their turns end. */
const SOON_SECONDS = 5;
/** The deployment's own system text, generously. */
const SYSTEM_TOKENS = 200;

/**
 * What a turn may use at most, by our estimate: the thread as it is sent, the new message, and the longest
 * answer of any model, with what it thinks. It is
 * taken when the turn starts and settled by what the model reports, so that turns which run at the same time do not
 * spend the same tokens.
 *
 * @param newTokens of a message that is not in the thread yet
 * @returns null where nothing is limited
 */
export async function reservationFor(
  thread: ThreadRef,
  { tenant, newTokens, context }: { tenant: Tenancy['tenant']; newTokens: number; context: Context },
): Promise<Reservation | null> {
  const { models, maxTokens, contextTokens, tokenBudget } = modelConfiguration();
  if (tokenBudget === null) return null;
  const head = await readHead(thread);
  const input = Math.min(contextTokens, (head ? tokensIn(head) : 0) + newTokens);
  const key = keys.tokenBudget(tenant, new Date(context.now()).toISOString().slice(0, 'yyyy-mm-dd'.length));
  const expiresAt = Math.floor((context.now() + KEPT_DAYS * DAY_MS) / 1_000);
  return { ...key, tokens: SYSTEM_TOKENS + input + mostOutputTokens(models, maxTokens), expiresAt };
}

/** The refusal of a turn for which too few tokens are left. */
export function overBudget(
  { usedTokens }: Spent,
  { tokens, context }: { tokens: number; context: Context },
): ParleyError {
  const isUsedUp = usedTokens + tokens > (modelConfiguration().tokenBudget ?? Infinity);
  const untilTomorrow = Math.ceil((DAY_MS - (context.now() % DAY_MS)) / 1_000);
  return new ParleyError('rate_limited', 'Too few tokens are left for today', {
    retryAfterSeconds: isUsedUp ? untilTomorrow : SOON_SECONDS,
  });
}
