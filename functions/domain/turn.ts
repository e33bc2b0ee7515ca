import { type Draft, type IncompleteReason, isAnswer } from './answer.ts';
import type { ErrorCode } from './errors.ts';
import type { TokenUsage } from './message.ts';

/**
 * `completed`: the answer is whole, or the model has refused to give one. `incomplete`: it is an answer, but not all of
 * it. `cancelled`: nothing was said before it was not wanted any more. `failed`: there is no answer.
 */
export const TURN_STATUSES = ['in_progress', 'completed', 'incomplete', 'cancelled', 'failed'] as const;
type TurnStatus = (typeof TURN_STATUSES)[number];

/** What becomes of a question while another of its thread is answered: it is refused, or the other answer is stopped. */
export const ON_BUSY = ['reject', 'interrupt'] as const;
export type OnBusy = (typeof ON_BUSY)[number];

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
interface TurnError {
  readonly code: ErrorCode;
  readonly message: string;
}

/** How a turn has ended. */
export interface TurnEnd {
  readonly status: Exclude<TurnStatus, 'in_progress'>;
  readonly usage: TokenUsage | null;
  readonly error: TurnError | null;
}

/** How a turn ends: with an answer that is whole (null) or not, or without one where nothing was said. */
export function turnEnd(draft: Draft, incomplete: IncompleteReason | null): TurnEnd {
  const { usage } = draft;
  const isWhole = incomplete === null || incomplete === 'refusal';
  if (isAnswer(draft, incomplete))
    return { status: isWhole ? 'completed' : 'incomplete', usage, error: null };
  if (incomplete === 'cancelled' || incomplete === 'interrupted')
    return { status: 'cancelled', usage, error: null };
  return { status: 'failed', usage, error: incomplete === 'throttled' ? TOO_MANY : NO_ANSWER };
}

const NO_ANSWER: TurnError = {
  code: 'internal_error',
  message: 'The assistant could not answer; the message is stored',
};
const TOO_MANY: TurnError = {
  code: 'rate_limited',
  message: 'Too many answers are being made; the message is stored',
};
