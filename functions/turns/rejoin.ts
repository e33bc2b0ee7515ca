import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/errors.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { readMessage } from '../store/message-pages.ts';
import { currentTurn } from './current-turn.ts';
import { followTurn } from './follow.ts';
import { type StreamShapes, turnStream } from './stream.ts';

/**
 * The events of a turn beyond what a client has, whoever makes it.
 *
 * @param from how much of the text the client has, in UTF-16 code units; null for nothing at all
 * @throws ParleyError not_found where there is no such turn
 */
export async function rejoinTurn(
  thread: ThreadRef,
  turnId: string,
  { from, shapes, context }: { from: number | null; shapes: StreamShapes; context: Context },
): Promise<ReturnType<typeof turnStream>> {
  const turn = await currentTurn(thread, turnId, context);
  if (!turn) throw notFound('Turn');
  const question = from === null ? await readMessage(thread, turn.messageId) : null;
  const drafts = followTurn(thread, turnId, context);
  return turnStream(question, { thread, turnId, turn, drafts, from, shapes });
}
