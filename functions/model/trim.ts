import type { Message } from '../domain/message.ts';
import { tokensOf } from '../domain/opening.ts';
import { messageTokens } from '../domain/tokens.ts';

/**
 * The part of a history that fits into a number of tokens: the end of it, from a user's message on. The beginning goes
 * in steps of half the budget, so that it stays the same for many messages and the model's cache is hit meanwhile.
 *
 * @param history oldest first
 * @param budget tokens, by our estimate; the last turn is kept even where it alone is over it
 */
export function trimmed(history: readonly Message[], budget: number): readonly Message[] {
  const total = tokensOf(history);
  if (total <= budget) return history;
  const step = budget / 2;
  const toDrop = Math.ceil((total - budget) / step) * step;
  let dropped = 0;
  let start = 0;
  for (const [index, message] of history.entries()) {
    const isBorder = message.role === 'user'; // of a turn
    if (isBorder) start = index;
    if (isBorder && dropped >= toDrop) break;
    dropped += messageTokens(message);
  }
  return history.slice(start);
}
