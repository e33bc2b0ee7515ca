import type { NewMessage, TokenUsage } from './message.ts';

/** What several requests have used together. */
export function addUsage(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    cachedTokens: a.cachedTokens + b.cachedTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    thinkingTokens: a.thinkingTokens + b.thinkingTokens,
  };
}

export const NO_USAGE: TokenUsage = {
  promptTokens: 0,
  completionTokens: 0,
  cachedTokens: 0,
  cacheWriteTokens: 0,
  thinkingTokens: 0,
};

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
function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / 3);
}

/** A token is about four letters of English. */
const LETTERS_PER_TOKEN = 4;
const BYTES_PER_TOKEN = 3;

/** The likeliest number, which is no whole one: what is said comes in pieces. */
export function likelyTokens(text: string): number {
  const others = Buffer.byteLength(text.replaceAll(/\p{ASCII}+/gu, ''));
  const letters = Buffer.byteLength(text) - others;
  return letters / LETTERS_PER_TOKEN + others / BYTES_PER_TOKEN;
}

/**
 * How fast a model thinks, in tokens a second, where it does not show what. No page of the service says so: it is about
 * as fast as these models speak.
 */
const THINKING_SPEED = 70;

/** About how many tokens a model has thought in so long a time. */
export function thoughtTokens(ms: number): number {
  return Math.ceil((Math.max(0, ms) / 1_000) * THINKING_SPEED);
}
