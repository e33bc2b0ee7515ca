import type { Context } from '../domain/context.ts';
import type { Message, NewMessage } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { type History, readHistory } from '../store/history.ts';
import type { Item } from '../store/transact.ts';
import { type BoundProfile, boundProfile } from './bound-profile.ts';

/** What is known before the model is asked. */
export interface Prepared {
  readonly profile: BoundProfile;
  readonly history: History;
}

/** Which message is answered, in a thread whose head was read before it was stored, or after. */
interface Question {
  readonly thread: ThreadRef;
  readonly head: Item;
  readonly messageId: string;
}

/**
 * Who answers, and what the model is sent of the thread.
 *
 * @throws ParleyError not_found where nobody answers in it
 */
export async function prepare({ thread, head, messageId }: Question, context: Context): Promise<Prepared> {
  const { contextTokens: budget } = modelConfiguration();
  const [profile, history] = await Promise.all([
    boundProfile(thread, head, context),
    readHistory(thread, { head, lastId: messageId, budget }),
  ]);
  return { profile, history };
}

/** Stands for the id of a question that is being stored. */
const COMING = '';

/**
 * The same while the question is being stored, which counts if it then follows the last message that the head names.
 *
 * @returns the same, once the question's id is known
 */
export function prepareAhead(
  { thread, head }: Omit<Question, 'messageId'>,
  question: NewMessage,
  context: Context,
): (messageId: string) => Promise<Prepared> {
  const { contextTokens: budget } = modelConfiguration();
  const lastId = String(head.gsi1sk);
  const read = Promise.all([
    boundProfile(thread, head, context),
    readHistory(thread, { head, lastId, budget, next: { ...question, id: COMING } }),
  ]);
  read.catch(() => {}); // who awaits it is told
  return async (messageId) => {
    const [profile, { messages, newStart, isWhole }] = await read;
    const named = (message: Message) => (message.id === COMING ? { ...message, id: messageId } : message);
    const start = newStart?.id === COMING ? { ...newStart, id: messageId } : newStart;
    return { profile, history: { messages: messages.map(named), newStart: start, isWhole } };
  };
}
