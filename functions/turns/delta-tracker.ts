import type { Draft, Thinking } from '../domain/answer.ts';
import type { ToolCall } from '../domain/message.ts';

/** Something that a client was not told before. */
export type Change =
  | { readonly event: 'thinking'; readonly data: ThinkingChange }
  | { readonly event: 'delta'; readonly data: { readonly text: string } }
  | { readonly event: 'tool_call'; readonly call: ToolCall };

interface ThinkingChange {
  readonly state: 'started' | 'delta' | 'ended';
  /** What was thought since the last one, of a `delta`. */
  readonly text?: string;
}

/** Tells of drafts what was not told before. */
export interface DeltaTracker {
  /** How much of the text was told, in UTF-16 code units. */
  readonly offset: () => number;
  readonly changes: (draft: Draft) => Generator<Change>;
  /** Tells that the model thinks no more, where it was told to. */
  readonly end: () => Generator<Change>;
}

/** @param from how much of the text the client has */
export function deltaTracker(from: number): DeltaTracker {
  let offset = from;
  const begun = new Set<number>();
  const ended = new Set<number>();
  const thinking = thinkingTracker();

  function* textUpTo(text: string, end: number): Generator<Change> {
    if (end <= offset) return;
    const more = text.slice(offset, end);
    offset = end;
    yield { event: 'delta', data: { text: more } };
  }

  function* tellCall(call: ToolCall): Generator<Change> {
    if (!begun.has(call.index))
      yield { event: 'tool_call', call: { ...call, result: null, error: null, endedAtMs: null } };
    begun.add(call.index);
    if (call.endedAtMs === null || ended.has(call.index)) return;
    ended.add(call.index);
    yield { event: 'tool_call', call };
  }

  /** Text, and calls where they were made, first begun and then ended. */
  function* said({ text, toolCalls }: Draft): Generator<Change> {
    for (const call of toolCalls) {
      if (call.textLength < from) continue; // the client has seen what came after it
      yield* textUpTo(text, call.textLength);
      yield* tellCall(call);
    }
    yield* textUpTo(text, text.length);
  }

  return {
    offset: () => offset,
    *changes(draft) {
      // A model thinks before it speaks. A thought that has not ended is the newest of all, so it is told last.
      if (!draft.thinking.isOpen) yield* thinking.changes(draft.thinking);
      yield* said(draft);
      if (draft.thinking.isOpen) yield* thinking.changes(draft.thinking);
    },
    end: thinking.end,
  };
}

/** Tells of thinking; what has begun and ended without a word while nobody listened is passed over. */
function thinkingTracker() {
  let told = 0;
  let known = 0;
  let isOpen = false;

  function* set(open: boolean): Generator<Change> {
    if (open === isOpen) return;
    isOpen = open;
    yield { event: 'thinking', data: { state: open ? 'started' : 'ended' } };
  }

  return {
    *changes({ begun, isOpen: isThinking, words }: Thinking): Generator<Change> {
      const more = words.slice(told);
      told = words.length;
      if (begun > known) yield* set(false);
      known = begun;
      if (isThinking || more !== '') yield* set(true);
      if (more !== '') yield { event: 'thinking', data: { state: 'delta', text: more } };
      yield* set(isThinking);
    },
    end: () => set(false),
  };
}
