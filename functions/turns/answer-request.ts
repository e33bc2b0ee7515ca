import { ParleyError } from '../domain/errors.ts';
import type { Message, NewMessage } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Turn } from '../domain/turn.ts';
import { dispatchTurn } from './dispatch-turn.ts';
import { waitMs } from './lease.ts';
import { type AnsweredTurn, withAnswer } from './read-answer.ts';
import { awaitTurn } from './settle.ts';
import { restartTurn, type Start, type StartedTurn, startTurn } from './start.ts';

/** A stored question, the turn that answers it and, once it is there, the answer. */
export interface AnsweredRequest extends AnsweredTurn {
  readonly question: Message;
  readonly replayed: boolean;
}

/**
 * Stores a user's message and has the assistant answer it. An answer that is not there in 25 s goes on being made: its
 * turn is `in_progress`. A request that was made before shows its turn, waiting for one that is still running; one that
 * has failed is made again, for the message that is stored.
 *
 * @returns null where there is no such thread
 * @throws ParleyError internal_error when there is no answer; the question stays, and the same key goes on with it
 */
export async function answerRequest(message: NewMessage, start: Start): Promise<AnsweredRequest | null> {
  const { thread, context } = start;
  const started = await startTurn(message, start);
  if (!started) return null;
  const question = ({ messageId }: StartedTurn): Message => ({ ...message, id: messageId });
  if (!started.replayed) return { ...(await run(started.result, start)), question: question(started.result) };
  const turn = await awaitTurn(thread, started.result.turnId, { waitMs: waitMs(context), context });
  if (turn?.status === 'failed') {
    const again = await restartTurn(started.result, start);
    return { ...(await run(again, start)), question: question(again) };
  }
  return { ...(await shown(turn, thread)), question: question(started.result), replayed: true };
}

async function run(started: StartedTurn, { thread, context }: Start) {
  const turn = await dispatchTurn({ ...started, thread }, context);
  return { ...(await shown(turn, thread)), replayed: false };
}

async function shown(turn: Turn | null, thread: ThreadRef): Promise<AnsweredTurn> {
  if (turn?.error) throw new ParleyError(turn.error.code, turn.error.message);
  return withAnswer(thread, turn);
}
