import type { TokenUsage } from './message.ts';
import { usdOf } from './prices.ts';
import { addUsage, NO_USAGE } from './tokens.ts';

/** What an answer, or a title, has used of a model, and what that costs. */
export interface Spending extends TokenUsage {
  /** Null where no model was asked, or it is not known which. */
  readonly model: string | null;
  /** Whether some of it is our estimate, because the model did not come to report it. */
  readonly isEstimate: boolean;
  /** In billionths of a US dollar; null where a price is not known. */
  readonly costNanos: number | null;
}

/** The same while it grows. */
export interface RunningSpending extends Spending {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** What a token costs that the model says or thinks next. */
  readonly outputNanos: number | null;
}

export const NO_SPENDING: Spending = { ...NO_USAGE, model: null, isEstimate: false, costNanos: 0 };

export function addSpendings(a: Spending, b: Spending): Spending {
  return {
    ...addUsage(a, b),
    model: b.model ?? a.model,
    isEstimate: a.isEstimate || b.isEstimate,
    costNanos: a.costNanos === null || b.costNanos === null ? null : a.costNanos + b.costNanos,
  };
}

export function totalOf({ promptTokens, completionTokens }: TokenUsage): number {
  return promptTokens + completionTokens;
}

/** What clients are told of a spending. */
interface UsageDetails {
  readonly estimated?: true;
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly thinking_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_tokens: number;
}

/** Null where nothing was used. */
export function usageDetails(spending: Spending | null): UsageDetails | null {
  if (!spending || totalOf(spending) === 0) return null;
  return {
    ...(spending.isEstimate && { estimated: true }),
    prompt_tokens: spending.promptTokens,
    completion_tokens: spending.completionTokens,
    thinking_tokens: spending.thinkingTokens,
    cache_read_tokens: spending.cachedTokens,
    cache_write_tokens: spending.cacheWriteTokens,
  };
}

/** A decimal number of US dollars, or null where a price is not known, or nothing was used. */
export function costUsd(spending: Spending | null): string | null {
  return spending && totalOf(spending) > 0 && spending.costNanos !== null ? usdOf(spending.costNanos) : null;
}
