import type { Draft } from '../domain/answer.ts';
import type { Message, ToolCall } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Turn } from '../domain/turn.ts';
import { readTurn } from '../store/turns.ts';
import { type Change, deltaTracker } from './delta-tracker.ts';
import { readAnswer } from './read-answer.ts';

/** How an API shows what its streams tell. */
export interface StreamShapes {
  readonly message: (message: Message) => unknown;
  readonly turn: (turn: Turn, answer: Message | null) => unknown;
  readonly toolCall: (call: ToolCall) => unknown;
}

/** An event of the stream of a turn. Its id is `<turn>:<offset>`: how much of the text a client has by then. */
interface TurnEvent {
  readonly event: 'message' | 'turn' | Change['event'] | 'assistant_message' | 'error' | 'done';
  readonly id: string;
  readonly data: unknown;
}

export interface TurnStream {
  readonly thread: ThreadRef;
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
 * The events of a turn beyond what a client has: question and turn, what is thought, said and done, and the end as it is
 * stored. Without `done` the turn goes on, and the client comes back with the last id.
 */
export async function* turnStream(
  question: Message | null,
  { thread, turnId, turn: known, drafts, from, shapes }: TurnStream,
): AsyncGenerator<TurnEvent> {
  const tracker = deltaTracker(from ?? 0);
  const idNow = () => `${turnId}:${tracker.offset()}`;
  const event = (name: TurnEvent['event'], data: unknown): TurnEvent => ({ event: name, id: idNow(), data });
  if (from === null) {
    const turn = known ?? (await readTurn(thread, turnId));
    if (question) yield event('message', shapes.message(question));
    if (turn) yield event('turn', shapes.turn(turn, null));
  }
  const told = (change: Change) =>
    event(change.event, 'call' in change ? shapes.toolCall(change.call) : change.data);
  for await (const draft of drafts) for (const change of tracker.changes(draft)) yield told(change);
  const turn = await readTurn(thread, turnId);
  if (!turn || turn.status === 'in_progress') return;
  for (const change of tracker.end()) yield told(change);
  const answer = await readAnswer(thread, turn);
  if (turn.error) yield event('error', turn.error);
  if (answer) yield event('assistant_message', shapes.message(answer));
  yield event('done', shapes.turn(turn, answer));
}
