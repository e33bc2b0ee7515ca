import type { FreeJson } from './json.ts';
import type { NewMessage, TokenUsage, ToolCall } from './message.ts';

/** What a model has said of an answer so far, and what it reported. */
export interface Draft {
  readonly text: string;
  /** Whole rounds; of the last one some may not have ended yet. */
  readonly toolCalls: readonly ToolCall[];
  readonly usage: TokenUsage | null;
}

export const EMPTY_DRAFT: Draft = { text: '', toolCalls: [], usage: null };

/** Why an answer ends before its end: the model's own reasons, and ours. */
export type IncompleteReason =
  | 'max_tokens'
  | 'model_context_window_exceeded'
  | 'refusal'
  | 'pause_turn'
  | 'tool_use'
  /** It was never begun, because too many functions run: nothing is ever said then. */
  | 'throttled'
  /** It is longer than a message can be. */
  | 'too_long'
  /** The time for making it was over. */
  | 'deadline'
  | 'connection_lost'
  /** Somebody did not want it any more. */
  | 'cancelled'
  /** Another message took its place. */
  | 'interrupted'
  /** The function that made it is gone, or something failed on our side. */
  | 'internal_error';

/** What a draft has that an earlier one had not. */
export function draftSince(draft: Draft, earlier: Draft): Draft {
  const { toolCalls: known } = earlier;
  return {
    text: draft.text.slice(earlier.text.length),
    toolCalls: draft.toolCalls.filter((call) => !known.includes(call)),
    usage: draft.usage,
  };
}

/** Whether there is something to keep: the Messages API refuses text without a visible character. */
export function isSaid({ text, toolCalls }: Draft): boolean {
  return text.trim() !== '' || toolCalls.length > 0;
}

/** The message of an answer. Calls that have not ended have failed. @param incomplete why it is not whole, or null */
export function answerMessage(
  { text, toolCalls, usage }: Draft,
  incomplete: IncompleteReason | null,
): NewMessage {
  const metadata: FreeJson = {
    ...(incomplete && { incomplete_reason: incomplete }),
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
