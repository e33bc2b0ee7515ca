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

/** A thread and its head, which was read before the question was stored, or after. */
interface Asked {
  readonly thread: ThreadRef;
  readonly head: Item;
}

/**
 * Who answers, and what the model is sent of the thread, up to a question that is stored.
 *
 * @throws ParleyError not_found where nobody answers in it
 */
export function prepare(
  { messageId, ...asked }: Asked & { readonly messageId: string },
  context: Context,
): Promise<Prepared> {
  return read(asked, { lastId: messageId }, context);
}

/** Stands for the id of a question that is being stored. */
const COMING = '';

/**
 * Begins to read the same while the question is being stored. It holds only if the question then follows the last message
 * that the head names.
 *
 * @returns gives what was read, once the question's id is known
 */
export function prepareAhead(
  asked: Asked,
  question: NewMessage,
  context: Context,
): (messageId: string) => Promise<Prepared> {
  const next = { ...question, id: COMING };
  const prepared = read(asked, { lastId: String(asked.head.gsi1sk), next }, context);
  prepared.catch(() => {}); // who awaits it is told
  return async (messageId) => {
    const { profile, history } = await prepared;
    const { messages, newStart, isWhole } = history;
    const named = (message: Message) => (message.id === COMING ? { ...message, id: messageId } : message);
    const start = newStart?.id === COMING ? { ...newStart, id: messageId } : newStart;
    return { profile, history: { messages: messages.map(named), newStart: start, isWhole } };
  };
}

async function read(
  { thread, head }: Asked,
  upTo: { readonly lastId: string; readonly next?: Message },
  context: Context,
): Promise<Prepared> {
  const { contextTokens: budget } = modelConfiguration();
  const [profile, history] = await Promise.all([
    boundProfile(thread, head, context),
    readHistory(thread, { head, budget, ...upTo }),
  ]);
  return { profile, history };
}
