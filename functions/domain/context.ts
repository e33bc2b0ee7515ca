/** What the outside gives a request: the clock, ids, the time that is left, and a place for what it measures. */
export interface Context {
  /** Milliseconds since 1970. */
  now(): number;
  /** A fresh UUIDv7 for this instant. */
  newId(): string;
  /** Milliseconds until the function is stopped. */
  remainingMs(): number;
  /** Notes what this request measured; it becomes metrics. Several values of the same measure add up. */
  measure(measures: Partial<Measures>): void;
}

/** What asking a model costs, and what is lost of it. Every measure is a metric of the deployment under its name in http/metrics.ts. */
export interface Measures {
  /** From asking the model to its whole answer, or to its failure. */
  readonly modelMs: number;
  /** 1 when there is no answer. */
  readonly modelFailures: number;
  /** 1 when an attempt to give a thread a title has failed. */
  readonly titleFailures: number;
  /** 1 when a dead turn that a reader found could not be given to be settled. */
  readonly settlingFailures: number;
  /** All that the model read, from its cache or not. */
  readonly tokensIn: number;
  readonly tokensOut: number;
  /** What of `tokensIn` came from the model's cache. */
  readonly tokensCached: number;
  /** What was said of answers that came too late to be stored. */
  readonly droppedBytes: number;
}
