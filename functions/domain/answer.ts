import type { FreeJson } from './json.ts';
import type { NewMessage, TokenUsage, ToolCall } from './message.ts';
import type { RunningSpending } from './spending.ts';
import { isBlank } from './words.ts';

/** What a model has said of an answer so far, and what it reported. */
export interface Draft {
  readonly text: string;
  /** Whole rounds; of the last one some may not have ended yet. */
  readonly toolCalls: readonly ToolCall[];
  readonly usage: TokenUsage | null;
  readonly thinking: Thinking;
  /** Which of the service's policies the model's refusal is by, where it said so. */
  readonly refusalCategory: string | null;
  /** Which model answers, once one is asked. */
  readonly model: string | null;
  /** How often the model was asked for it. */
  readonly requests: number;
  /** What it has used so far, where its maker has counted that. */
  readonly spent: RunningSpending | null;
}

/** What a model has thought for an answer. Its words are for those who listen now: they are stored nowhere. */
export interface Thinking {
  /** How often it has begun to think. */
  readonly begun: number;
  /** Whether it still thinks. */
  readonly isOpen: boolean;
  /** All that it has thought aloud. */
  readonly words: string;
}

export const NO_THINKING: Thinking = { begun: 0, isOpen: false, words: '' };
export const EMPTY_DRAFT: Draft = {
  text: '',
  toolCalls: [],
  usage: null,
  thinking: NO_THINKING,
  refusalCategory: null,
  model: null,
  requests: 0,
  spent: null,
};

/** Why an answer ends before its end: the model's own reasons, and ours. */
export const INCOMPLETE_REASONS = [
  'max_tokens',
  'model_context_window_exceeded',
  /** It is whole all the same: the model will not say more. */
  'refusal',
  'pause_turn',
  'tool_use',
  /** It was never begun, because too many functions run: nothing is ever said then. */
  'throttled',
  /** It is longer than a message can be. */
  'too_long',
  /** The time for making it was over. */
  'deadline',
  'connection_lost',
  /** Too few tokens are left for what the model would have to be asked next. */
  'budget',
  /** Somebody did not want it any more. */
  'cancelled',
  /** Another message took its place. */
  'interrupted',
  /** The function that made it is gone, or something failed on our side. */
  'internal_error',
] as const;
export type IncompleteReason = (typeof INCOMPLETE_REASONS)[number];

/** Why the model stopped, where it is the model that did: the reasons that the Messages API names (`stop_reason`). */
const MODEL_REASONS: readonly (IncompleteReason | null)[] = [
  'max_tokens',
  'model_context_window_exceeded',
  'refusal',
  'pause_turn',
  'tool_use',
];

function stopReason(incomplete: IncompleteReason | null): string | null {
  if (incomplete === null) return 'end_turn';
  return MODEL_REASONS.includes(incomplete) ? incomplete : null;
}

/** What a draft has that an earlier one had not. */
export function draftSince(draft: Draft, earlier: Draft): Draft {
  const { toolCalls: known } = earlier;
  return {
    ...draft,
    text: draft.text.slice(earlier.text.length),
    toolCalls: draft.toolCalls.filter((call) => !known.includes(call)),
  };
}

/** Whether something was said: the Messages API refuses text without a visible character. */
export function hasContent({ text, toolCalls }: Draft): boolean {
  return !isBlank(text) || toolCalls.length > 0;
}

/** Reasons for which an answer may end before its first word, and is one all the same. */
const SILENT_REASONS: readonly (IncompleteReason | null)[] = [
  'max_tokens',
  'model_context_window_exceeded',
  'refusal',
  'budget',
];

/** Whether a model that stops for this has answered, also where it has said nothing. */
export function mayBeSilent(incomplete: IncompleteReason | null): boolean {
  return SILENT_REASONS.includes(incomplete);
}

/** Whether a draft that ends like this becomes a message: something was said, or nothing need have been. */
export function isAnswer(draft: Draft, incomplete: IncompleteReason | null): boolean {
  return hasContent(draft) || mayBeSilent(incomplete);
}

/** The message of an answer. Calls that have not ended have failed. @param incomplete why it is not whole, or null */
export function answerMessage(
  { text, toolCalls, usage, refusalCategory, model }: Draft,
  incomplete: IncompleteReason | null,
): NewMessage {
  const stopped = stopReason(incomplete);
  const metadata: FreeJson = {
    ...(model !== null && { model }),
    ...(incomplete && { incomplete_reason: incomplete }),
    ...(stopped !== null && { stop_reason: stopped }),
    ...(refusalCategory !== null && { refusal_category: refusalCategory }),
    ...(usage && usage.cachedTokens > 0 && { cached_tokens: usage.cachedTokens }),
  };
  const calls = toolCalls.map((call) => (call.endedAtMs === null ? { ...call, error: 'interrupted' } : call));
  return {
    role: 'assistant',
    text,
    author: null,
    toolCalls: calls.length > 0 ? calls : null,
    usage,
    metadata,
  };
}
