/** What was used of models, in all. */
export interface UsageCounts {
  readonly answers: number;
  readonly titles: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly thinkingTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** In billionths of a US dollar. */
  readonly costNanos: number;
  /** How many of the answers and titles have no known cost. */
  readonly unpriced: number;
}

/** What a tenant has used on a day (UTC) of a model. */
export interface DayUsage extends UsageCounts {
  readonly day: string;
  readonly model: string;
}
