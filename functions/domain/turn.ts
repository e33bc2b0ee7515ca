import { type Draft, type IncompleteReason, isAnswer } from './answer.ts';
import type { ErrorCode } from './errors.ts';
import type { TokenUsage } from './message.ts';
import type { Spending } from './spending.ts';

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
  /** What the model has reported. */
  readonly usage: TokenUsage | null;
  /** What was used, by our estimate where the model did not come to report it; null while that is not known. */
  readonly spent: Spending | null;
  readonly error: TurnError | null;
  /** Milliseconds since 1970. */
  readonly endedAtMs: number | null;
}

/** A turn that has just started. */
export function newTurn({ id, messageId }: Pick<Turn, 'id' | 'messageId'>): Turn {
  return {
    id,
    status: 'in_progress',
    messageId,
    assistantMessageId: null,
    usage: null,
    spent: null,
    error: null,
    endedAtMs: null,
  };
}

/** Why there is no answer: what those who run the deployment, or those who ask, can do about it. */
export const FAILURE_KINDS = [
  'model_busy',
  'model_unreachable',
  'model_refused_request',
  'no_credit',
  'configuration',
  'database',
  'function_busy',
  'function_died',
  'internal',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** Why there is no answer, in our words: never what the model's service said. */
export interface TurnError {
  readonly code: ErrorCode;
  readonly kind: FailureKind;
  readonly message: string;
}

/** How a turn has ended. */
export interface TurnEnd {
  readonly status: Exclude<TurnStatus, 'in_progress'>;
  readonly usage: TokenUsage | null;
  readonly error: TurnError | null;
}

/**
 * How a turn ends: with an answer that is whole (null) or not, or without one where nothing was said.
 *
 * @param failure why, where its maker knows: nobody else ends a turn with such an error but where its function is gone
 */
export function turnEnd(
  draft: Draft,
  incomplete: IncompleteReason | null,
  failure: FailureKind = 'function_died',
): TurnEnd {
  const { usage } = draft;
  const isWhole = incomplete === null || incomplete === 'refusal';
  if (isAnswer(draft, incomplete))
    return { status: isWhole ? 'completed' : 'incomplete', usage, error: null };
  if (incomplete === 'cancelled' || incomplete === 'interrupted')
    return { status: 'cancelled', usage, error: null };
  return {
    status: 'failed',
    usage,
    error: turnError(incomplete === 'throttled' ? 'function_busy' : failure),
  };
}

const NO_ANSWER = 'The assistant could not answer; the message is stored';
/** What passes: the same request may succeed in a moment. */
const PASSING: Partial<Record<FailureKind, string>> = {
  model_busy: 'The assistant is too busy at the moment; the message is stored',
  model_unreachable: 'The assistant is out of reach at the moment; the message is stored',
  database: 'The assistant could not answer at the moment; the message is stored',
  function_busy: 'Too many answers are being made; the message is stored',
};

/** The error of a turn that has failed for this. */
export function turnError(kind: FailureKind): TurnError {
  const message = PASSING[kind];
  return message === undefined
    ? { code: 'internal_error', kind, message: NO_ANSWER }
    : { code: 'unavailable', kind, message };
}
