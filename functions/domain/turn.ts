import type { ErrorCode } from './errors.ts';
import type { TokenUsage } from './message.ts';

/** `incomplete`: something was said, but not all of it. */
export type TurnStatus = 'in_progress' | 'completed' | 'incomplete' | 'failed';

/** One answer of a model to one message of a thread, being made or made. */
export interface Turn {
  /** When it started, through `timestampOf`, and the token without which nobody writes for it. */
  readonly id: string;
  readonly status: TurnStatus;
  /** The user's message that it answers. */
  readonly messageId: string;
  readonly assistantMessageId: string | null;
  readonly usage: TokenUsage | null;
  readonly error: TurnError | null;
  /** Milliseconds since 1970. */
  readonly endedAtMs: number | null;
}

/** Why there is no answer, in our words: never what the model's service said. */
export interface TurnError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** How a turn has ended. */
export type TurnEnd = Pick<Turn, 'assistantMessageId' | 'usage' | 'error'> & {
  readonly status: Exclude<TurnStatus, 'in_progress'>;
};
