import { notFound } from '../domain/errors.ts';
import type { Message } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Turn } from '../domain/turn.ts';
import { readMessage } from '../store/message-pages.ts';

/** A turn, and the message with which it has ended, or null. */
export interface AnsweredTurn {
  readonly turn: Turn;
  readonly answer: Message | null;
}

/** The message with which a turn has ended, or null. */
export async function readAnswer(thread: ThreadRef, { assistantMessageId }: Turn): Promise<Message | null> {
  return assistantMessageId === null ? null : readMessage(thread, assistantMessageId);
}

/** A turn with its answer. @throws ParleyError not_found where there is no such turn */
export async function withAnswer(thread: ThreadRef, turn: Turn | null): Promise<AnsweredTurn> {
  if (!turn) throw notFound('Turn');
  return { turn, answer: await readAnswer(thread, turn) };
}
