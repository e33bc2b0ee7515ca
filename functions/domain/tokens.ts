import type { NewMessage, TokenUsage } from './message.ts';

/** What several requests have used together. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
  };
}

export const NO_USAGE: TokenUsage = { promptTokens: 0, completionTokens: 0, cachedTokens: 0 };

/** What a message costs beside its text. */
const TOKENS_PER_MESSAGE = 5;

/** About how many tokens a model takes a message for, with its tool calls and their outcomes. */
export function messageTokens({ text, toolCalls }: Pick<NewMessage, 'text' | 'toolCalls'>): number {
  const calls = toolCalls ? estimatedTokens(JSON.stringify(toolCalls)) : 0;
  return estimatedTokens(text) + calls + TOKENS_PER_MESSAGE;
}

/**
 * An estimate that is rather too high: a token is about four letters of English, and one or two characters of scripts
 * that take three bytes for each.
 */
export function estimatedTokens(text: string): number {
  return tokensOfBytes(Buffer.byteLength(text));
}

/** The same of a text of so many bytes. */
export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / 3);
}
