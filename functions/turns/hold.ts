import { allowanceOf } from '../budgets/allowance.ts';
import { giveBack, reserve } from '../budgets/reserve.ts';
import type { Context } from '../domain/context.ts';
import type { ParleyError } from '../domain/errors.ts';
import type { Tenancy } from '../domain/principal.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { mostOutputTokens } from '../model/models.ts';
import { tokensIn } from '../store/heads.ts';
import type { Allowance, Reservation } from '../store/token-shares.ts';
import type { Item } from '../store/transact.ts';

/** The deployment's own system text, generously. */
const SYSTEM_TOKENS = 200;

/** What a turn is to hold of its budgets when it starts. */
export interface Wanted extends Allowance {
  readonly tokens: number;
}

/**
 * What a turn may come to, by our estimate: the thread as it is sent, the new message, and the longest answer of any
 * model, with what it thinks. What its instructions and tools come to is known once it is made: it takes more then.
 *
 * @param head the thread's
 * @param newTokens of a message that is not in the thread yet
 * @returns null where nothing is limited
 */
export function wantedFor(
  head: Item,
  { scope, newTokens, context }: { scope: Tenancy; newTokens: number; context: Context },
): Wanted | null {
  const allowance = allowanceOf(scope, context);
  if (!allowance) return null;
  const { models, maxTokens, contextTokens } = modelConfiguration();
  const input = Math.min(contextTokens, tokensIn(head) + newTokens);
  return { ...allowance, tokens: SYSTEM_TOKENS + input + mostOutputTokens(models, maxTokens) };
}

/** What is held for a turn while it is started. */
export interface Hold {
  readonly reservation: Reservation | null;
  /** Why nothing is held although something is limited. */
  readonly refusal: ParleyError | null;
  /** The turn has started: it keeps what is held. */
  readonly keep: () => void;
  /** Gives it back, unless it is kept. */
  readonly end: () => Promise<void>;
}

/** Takes what a turn wants, before the transaction that starts it: all turns of a tenant meet at its budget. */
export async function holdFor(wanted: Wanted | null, turnId: string, context: Context): Promise<Hold> {
  const reservation = wanted && { ...wanted, id: turnId };
  const refusal = reservation && (await reserve(reservation, context));
  let isKept = refusal !== null;
  return {
    reservation,
    refusal,
    keep: () => void (isKept = true),
    end: async () => {
      if (reservation && !isKept) await giveBack(reservation, context);
    },
  };
}
