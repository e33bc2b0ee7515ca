import type { Draft, Thinking } from '../domain/answer.ts';
import type { ToolCall } from '../domain/message.ts';

/** Something that a client was not told before. */
export type News =
  | { readonly event: 'thinking'; readonly data: ThinkingNews }
  | { readonly event: 'delta'; readonly data: { readonly text: string } }
  | { readonly event: 'tool_call'; readonly call: ToolCall };

interface ThinkingNews {
  readonly state: 'started' | 'delta' | 'ended';
  /** What was thought since the last one, of a `delta`. */
  readonly text?: string;
}

/** Tells of drafts what was not told before. */
export interface Teller {
  /** How much of the text was told, in UTF-16 code units. */
  readonly offset: () => number;
  readonly news: (draft: Draft) => Generator<News>;
  /** Tells that the model thinks no more, where it was told to. */
  readonly end: () => Generator<News>;
}

/** @param from how much of the text the client has */
export function tellerOf(from: number): Teller {
  let offset = from;
  const begun = new Set<string>();
  const ended = new Set<string>();
  const thinking = thinkingTeller();

  function* textUpTo(text: string, end: number): Generator<News> {
    if (end <= offset) return;
    const more = text.slice(offset, end);
    offset = end;
    yield { event: 'delta', data: { text: more } };
  }

  function* tellCall(call: ToolCall): Generator<News> {
    if (!begun.has(call.id))
      yield { event: 'tool_call', call: { ...call, result: null, error: null, endedAtMs: null } };
    begun.add(call.id);
    if (call.endedAtMs === null || ended.has(call.id)) return;
    ended.add(call.id);
    yield { event: 'tool_call', call };
  }

  /** Text, and calls where they were made, first begun and then ended. */
  function* said({ text, toolCalls }: Draft): Generator<News> {
    for (const call of toolCalls) {
      if (call.textLength < from) continue; // the client has seen what came after it
      yield* textUpTo(text, call.textLength);
      yield* tellCall(call);
    }
    yield* textUpTo(text, text.length);
  }

  return {
    offset: () => offset,
    *news(draft) {
      // A model speaks when it has thought: what it still thinks came last.
      if (!draft.thinking.isOpen) yield* thinking.news(draft.thinking);
      yield* said(draft);
      if (draft.thinking.isOpen) yield* thinking.news(draft.thinking);
    },
    end: thinking.end,
  };
}

/** Tells of thinking; what has begun and ended without a word while nobody listened is passed over. */
function thinkingTeller() {
  let told = 0;
  let known = 0;
  let isOpen = false;

  function* set(open: boolean): Generator<News> {
    if (open === isOpen) return;
    isOpen = open;
    yield { event: 'thinking', data: { state: open ? 'started' : 'ended' } };
  }

  return {
    *news({ begun, isOpen: isThinking, words }: Thinking): Generator<News> {
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
