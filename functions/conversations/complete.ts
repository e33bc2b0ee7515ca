import type { Context } from '../domain/context.ts';
import { notFound, ParleyError } from '../domain/errors.ts';
import { ANSWER_WITHIN_MS, STORE_WITHIN_MS } from '../domain/limits.ts';
import type { Message, NewMessage } from '../domain/message.ts';
import { answerTo } from '../model/answer.ts';
import { toConversation } from '../store/conversations.ts';
import { readHead } from '../store/heads.ts';
import { readHistory, readMessage } from '../store/message-pages.ts';
import { appendMessage } from '../store/messages.ts';
import { findKept, keepInstead, type OnceOnly } from '../store/once.ts';

/** What an Idempotency-Key keeps of a request: the message it stored and, once it is there, the answer. */
export interface Kept {
  readonly messageId: string;
  readonly answerId?: string;
}

interface Completion {
  readonly threadPk: string;
  /** The user's message, stored already. */
  readonly question: Message;
  /** The answer that an earlier attempt with the same key stored, if it did. */
  readonly answerId: string | undefined;
}

/**
 * The assistant's answer to a stored message: the one that is there, or a new one, stored before it is returned.
 * Of two attempts with one Idempotency-Key at the same time only the first to finish stores its answer.
 *
 * @throws ParleyError internal_error when there is no answer; the question stays, and the same key goes on with it
 */
export async function complete(
  { threadPk, question, answerId }: Completion,
  once: OnceOnly,
  context: Context,
): Promise<{ message: Message; replayed: boolean }> {
  if (answerId !== undefined) return { message: await storedAnswer(threadPk, answerId), replayed: true };
  const answer = await askModel(threadPk, question, context);
  const before: Kept = { messageId: question.id };
  const appended = await appendMessage(
    threadPk,
    {
      message: answer,
      kept: (id) => id,
      also: (id) => keepInstead(once, { before, after: { ...before, answerId: id } }),
    },
    { once: { ...once, key: null }, context },
  );
  if (appended.state === 'written') return { message: { ...answer, id: appended.kept }, replayed: false };
  if (appended.state === 'missing') throw notFound('Conversation');
  const kept = await findKept<Kept>(once, context);
  return { message: await storedAnswer(threadPk, kept?.answerId ?? ''), replayed: true };
}

async function askModel(threadPk: string, question: Message, context: Context): Promise<NewMessage> {
  const [head, history] = await Promise.all([readHead(threadPk), readHistory(threadPk, question.id)]);
  if (!head) throw notFound('Conversation');
  const timeoutMs = Math.min(ANSWER_WITHIN_MS, context.remainingMs() - STORE_WITHIN_MS);
  try {
    return await answerTo(history, { model: toConversation(head).model, timeoutMs, context });
  } catch (cause) {
    throw new ParleyError('internal_error', 'The assistant could not answer; the message is stored', {
      cause,
    });
  }
}

async function storedAnswer(threadPk: string, id: string): Promise<Message> {
  const message = await readMessage(threadPk, id);
  if (!message) throw notFound('Answer');
  return message;
}
