import type { Message } from './message.ts';
import { messageTokens } from './tokens.ts';

/**
 * How much of the budget the system messages may have with which a conversation opens. By the default budget the longest
 * message that there can be fits into it.
 */
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
