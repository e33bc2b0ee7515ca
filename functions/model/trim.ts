import type { Message } from '../domain/message.ts';

/**
 * The part of a history that fits into a number of tokens: the end of it, from a user's message on. The beginning goes
 * in steps of half the budget, so that it stays the same for many messages and the model's cache is hit meanwhile.
 *
 * @param history oldest first
 * @param budget tokens, by the estimate below; the last turn is kept even where it alone is over it
 */
export function trimmed(history: readonly Message[], budget: number): readonly Message[] {
  const total = history.reduce((sum, { text }) => sum + estimatedTokens(text), 0);
  if (total <= budget) return history;
  const step = budget / 2;
  const toDrop = Math.ceil((total - budget) / step) * step;
  let dropped = 0;
  let start = 0;
  for (const [index, { role, text }] of history.entries()) {
    if (role === 'user') start = index; // a turn's border
    if (role === 'user' && dropped >= toDrop) break;
    dropped += estimatedTokens(text);
  }
  return history.slice(start);
}

/** What a message costs beside its text. */
const TOKENS_PER_MESSAGE = 5;

/**
 * An estimate that is rather too high: a token is about four letters of English, and one or two characters of scripts
 * that take three bytes for each.
 */
export function estimatedTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3) + TOKENS_PER_MESSAGE;
}
