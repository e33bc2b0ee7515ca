import type { Draft } from '../domain/answer.ts';
import type { Message, ToolCall } from '../domain/message.ts';
import type { Turn } from '../domain/turn.ts';
import { readTurn } from '../store/turns.ts';
import { readAnswer } from './read-answer.ts';

/** How an API shows what its streams tell. */
export interface StreamShapes {
  readonly message: (message: Message) => unknown;
  readonly turn: (turn: Turn, answer: Message | null) => unknown;
  readonly toolCall: (call: ToolCall) => unknown;
}

/** An event of the stream of a turn. Its id is `<turn>:<offset>`: how much of the text a client has by then. */
interface TurnEvent {
  readonly event: 'message' | 'turn' | 'delta' | 'tool_call' | 'assistant_message' | 'error' | 'done';
  readonly id: string;
  readonly data: unknown;
}

interface TurnStream {
  readonly threadPk: string;
  readonly turnId: string;
  /** The turn, where it has just been read. */
  readonly turn?: Turn;
  /** What is said, as it grows, until the turn ends or nobody can wait any longer. */
  readonly drafts: AsyncIterable<Draft>;
  /** How much of the text the client has, in UTF-16 code units; null for nothing at all. */
  readonly from: number | null;
  readonly shapes: StreamShapes;
}

/**
 * The events of a turn beyond what a client has: question and turn, what is said and done, and the end as it is stored.
 * Without `done` the turn goes on, and the client comes back with the last id.
 */
export async function* turnStream(
  question: Message | null,
  { threadPk, turnId, turn: known, drafts, from, shapes }: TurnStream,
): AsyncGenerator<TurnEvent> {
  const teller = tellerOf(from ?? 0);
  const idNow = () => `${turnId}:${teller.offset()}`;
  const event = (name: TurnEvent['event'], data: unknown): TurnEvent => ({ event: name, id: idNow(), data });
  if (from === null) {
    const turn = known ?? (await readTurn(threadPk, turnId));
    if (question) yield event('message', shapes.message(question));
    if (turn) yield event('turn', shapes.turn(turn, null));
  }
  for await (const draft of drafts) {
    for (const news of teller.news(draft))
      yield 'text' in news ? event('delta', news) : event('tool_call', shapes.toolCall(news));
  }
  const turn = await readTurn(threadPk, turnId);
  if (!turn || turn.status === 'in_progress') return;
  const answer = await readAnswer(threadPk, turn);
  if (turn.error) yield event('error', turn.error);
  if (answer) yield event('assistant_message', shapes.message(answer));
  yield event('done', shapes.turn(turn, answer));
}

/** Tells of drafts what was not told before: text, and calls where they were made, first begun and then ended. */
function tellerOf(from: number) {
  let offset = from;
  const begun = new Set<string>();
  const ended = new Set<string>();

  function* textUpTo(text: string, end: number): Generator<{ text: string }> {
    if (end <= offset) return;
    const more = text.slice(offset, end);
    offset = end;
    yield { text: more };
  }

  function* tellCall(call: ToolCall): Generator<ToolCall> {
    if (!begun.has(call.id)) yield { ...call, result: null, error: null, endedAtMs: null };
    begun.add(call.id);
    if (call.endedAtMs === null || ended.has(call.id)) return;
    ended.add(call.id);
    yield call;
  }

  return {
    offset: () => offset,
    *news({ text, toolCalls }: Draft): Generator<{ text: string } | ToolCall> {
      for (const call of toolCalls) {
        if (call.textLength < from) continue; // the client has seen what came after it
        yield* textUpTo(text, call.textLength);
        yield* tellCall(call);
      }
      yield* textUpTo(text, text.length);
    },
  };
}
