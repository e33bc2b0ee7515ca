import { ParleyError, toParleyError } from '../domain/errors.ts';
import type { Message, NewMessage } from '../domain/message.ts';
import type { Turn } from '../domain/turn.ts';
import { readLease } from '../store/turns.ts';
import { awaitTurn } from './current-turn.ts';
import { dispatchTurn } from './dispatch-turn.ts';
import { waitMs } from './lease.ts';
import { type AnsweredTurn, withAnswer } from './read-answer.ts';
import { restartTurn, type Start, type StartedTurn, type StartIn, startTurn, withHead } from './start.ts';

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
 * @throws ParleyError internal_error or unavailable when there is no answer: it names the question, which stays, and its
 *   turn; the same key goes on with them
 */
export async function answerRequest(message: NewMessage, given: Start): Promise<AnsweredRequest | null> {
  const start = await withHead(given);
  const started = start && (await startTurn(message, start));
  if (!start || !started) return null;
  const { thread, head, context } = start;
  const { result, replayed } = started;
  const before = replayed ? await naming(result, start, () => seen(result, start)) : null;
  const made = before?.status === 'failed' ? await restartTurn(result, start) : result;
  const isShown = replayed && made === result;
  const shown = await naming(made, start, async () => {
    const turn = isShown ? before : await dispatchTurn({ ...made, thread, head }, context);
    if (turn?.error)
      throw new ParleyError(turn.error.code, turn.error.message, { extra: { kind: turn.error.kind } });
    return withAnswer(thread, turn);
  });
  return { ...shown, question: { ...message, id: made.messageId }, replayed: isShown };
}

/** A turn that was started before, once it has ended. One that nobody has begun to make is made now, which happens once. */
async function seen(started: StartedTurn, { thread, head, context }: StartIn): Promise<Turn | null> {
  const { turnId } = started;
  const lease = await readLease(thread);
  if (lease?.turnId === turnId && !lease.isClaimed) await dispatchTurn({ ...started, thread, head }, context);
  return awaitTurn(thread, turnId, { waitMs: waitMs(context), context });
}

/** A failure once the question is stored names it, and its turn: the same Idempotency-Key goes on with it. */
async function naming<Result>(
  { messageId, turnId }: StartedTurn,
  { turnUrl }: Start,
  run: () => Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (cause) {
    const { code, message, retryAfterSeconds, ...error } = toParleyError(cause);
    const extra = { message_id: messageId, turn: { id: turnId, url: turnUrl(turnId) }, ...error.extra };
    throw new ParleyError(code, message, {
      extra,
      ...(retryAfterSeconds !== null && { retryAfterSeconds }),
      cause: cause instanceof ParleyError ? cause.cause : cause,
    });
  }
}
