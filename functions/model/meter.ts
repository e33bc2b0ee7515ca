import type { HeardEvent } from './events.ts';

/** What a request may come to, in tokens by our estimate. */
export interface RequestSize {
  readonly model: string;
  /** All that the model is sent: instructions, tools, messages, results. */
  readonly inputTokens: number;
  /** The longest answer, thoughts included. */
  readonly outputTokens: number;
}

/** Is asked before each request of a model, and told what comes of it. */
export interface Meter {
  /** @returns null where the request is not to be made */
  begin(size: RequestSize): Promise<MeteredRequest | null>;
}

/** One request: an attempt that is repeated is another. */
export interface MeteredRequest {
  /** It is on its way now. */
  sent(): void;
  hear(event: HeardEvent): void;
  /** The service has refused it, or was not reached: it costs nothing. */
  refused(): void;
  /** Nothing more comes of it. */
  stopped(): void;
  /** All of its answer has come, and what it reports of it counts. */
  ended(): void;
}
