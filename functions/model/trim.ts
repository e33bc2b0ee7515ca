import type { Message } from '../domain/message.ts';
import { messageTokens } from '../domain/tokens.ts';

/** How much of the budget the system messages may have with which a conversation opens. One of any length fits. */
const OPENING_SHARE = 3 / 4;

/**
 * The system messages with which a conversation opens, as far as they leave room for the rest: from the first on, each
 * that still fits. They are the same for every request of it.
 *
 * @param budget tokens for the whole history, by our estimate
 */
export function opened(messages: readonly Message[], budget: number): readonly Message[] {
  let left = budget * OPENING_SHARE;
  return messages.filter((message) => {
    const tokens = messageTokens(message);
    const fits = tokens <= left;
    if (fits) left -= tokens;
    return fits;
  });
}

/** What a model takes messages for, by our estimate. */
export function tokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + messageTokens(message), 0);
}

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
