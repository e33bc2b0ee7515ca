import { type Draft, EMPTY_DRAFT, type Thinking } from '../domain/answer.ts';
import { isJsonObject } from '../domain/exact-json.ts';
import type { FreeJson, Json } from '../domain/json.ts';
import { ANSWER_BYTES, MESSAGE_TEXT_BYTES } from '../domain/limits.ts';
import type { TokenUsage, ToolCall } from '../domain/message.ts';
import { addUsage, NO_USAGE } from '../domain/tokens.ts';
import type { ToolResult } from '../domain/tool-result.ts';
import { isBlank } from '../domain/words.ts';
import type { ModelCall, ThinkingEvent } from '../model/events.ts';

/** An answer while it is made. */
export interface AnswerBuilder {
  readonly draft: () => Draft;
  /** Notes which model is asked; nobody is told before it says something. */
  readonly answeredBy: (model: string) => void;
  /** @returns false when the answer would be longer than a message can be; then it stays as it is */
  readonly say: (text: string) => boolean;
  readonly think: (event: ThinkingEvent) => void;
  /** Notes that the model has refused, by which of its policies. @param words stand for its own where it has said none */
  readonly refuse: (category: string | null, words: string) => void;
  /** Notes that the model is asked, once more. */
  readonly ask: () => void;
  /** @param usage of the present request so far */
  readonly report: (usage: TokenUsage) => void;
  /** Another request is made. @returns false when its calls do not fit; then they are not made */
  readonly begin: (calls: readonly ModelCall[], nowMs: number) => boolean;
  /** A call has ended. @param index its place among those of all rounds */
  readonly end: (index: number, outcome: ToolResult, nowMs: number) => void;
}

/** @param onChange is told of every change */
export function answerBuilder(onChange: (draft: Draft) => void): AnswerBuilder {
  let draft = EMPTY_DRAFT;
  let textBytes = 0;
  let callBytes = 0;
  let round = 0;
  let earlier = NO_USAGE;
  const change = (part: Partial<Draft>) => {
    draft = { ...draft, ...part };
    onChange(draft);
  };
  const fits = (bytes: number) => textBytes + callBytes + bytes <= ANSWER_BYTES;
  const say = (text: string) => {
    const bytes = Buffer.byteLength(text);
    if (textBytes + bytes > MESSAGE_TEXT_BYTES || !fits(bytes)) return false;
    textBytes += bytes;
    change({ text: draft.text + text });
    return true;
  };
  return {
    draft: () => draft,
    answeredBy: (model) => void (draft = { ...draft, model }),
    say,
    think: (event) => change({ thinking: thinkingAfter(draft.thinking, event) }),
    refuse: (refusalCategory, words) => {
      if (isBlank(draft.text)) say(words);
      change({ refusalCategory });
    },
    ask: () => change({ requests: draft.requests + 1 }),
    report: (usage) => change({ usage: addUsage(earlier, usage) }),
    begin: (asked, nowMs) => {
      const place = { round, textLength: draft.text.length, startedAtMs: nowMs };
      const calls = callsOf(asked, place, draft.toolCalls.length);
      const bytes = bytesOf(calls);
      if (!fits(bytes)) return false;
      callBytes += bytes;
      round += 1;
      earlier = draft.usage ?? NO_USAGE;
      change({ toolCalls: [...draft.toolCalls, ...calls] });
      return true;
    },
    end: (index, outcome, nowMs) => {
      const result = outcome.ok ? asObject(outcome.result) : null;
      const bytes = bytesOf(result);
      const isTooLarge = result !== null && !fits(bytes);
      if (result !== null && !isTooLarge) callBytes += bytes;
      const reason = isTooLarge ? 'the result does not fit into the answer' : null;
      const error = outcome.ok ? reason : outcome.error;
      const ended = { result: isTooLarge ? null : result, error, endedAtMs: nowMs };
      const withEnd = (call: ToolCall) => (call.index === index ? { ...call, ...ended } : call);
      change({ toolCalls: draft.toolCalls.map(withEnd) });
    },
  };
}

function thinkingAfter({ begun, words }: Thinking, event: ThinkingEvent): Thinking {
  switch (event.state) {
    case 'started':
      return { begun: begun + 1, isOpen: true, words };
    case 'delta':
      return { begun, isOpen: true, words: words + event.text };
    case 'ended':
      return { begun, isOpen: false, words };
  }
}

function callsOf(
  asked: readonly ModelCall[],
  place: Pick<ToolCall, 'round' | 'textLength' | 'startedAtMs'>,
  callsBefore: number,
): ToolCall[] {
  return asked.map(({ id, name, arguments: given }, index) => ({
    id,
    name,
    index: callsBefore + index,
    arguments: given ?? {},
    result: null,
    error: null,
    endedAtMs: null,
    ...place,
  }));
}

/** The contract's results are objects, or null for none; a tool may answer any JSON. */
function asObject(result: Json): FreeJson | null {
  return result === null || isJsonObject(result) ? result : { value: result };
}

function bytesOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
