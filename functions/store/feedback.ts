import type { Context } from '../domain/context.ts';
import type { Feedback } from '../domain/feedback.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import type { Message } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { keyReused, tryIdempotently, type Written, writeIdempotently } from './idempotency.ts';
import * as keys from './keys.ts';
import { collect } from './query.ts';
import { storedItem } from './stored-item.ts';
import type { Write } from './transact.ts';

/** What feedback has of earlier feedback of the same user on the same message. */
export type Given = Pick<Feedback, 'id' | 'editedAt'>;

/**
 * Stores feedback in the place of the user's earlier one, of which it keeps the id. Most feedback is the first, so
 * nothing is read: the condition that does not hold hands the earlier one back. None is ever taken away.
 *
 * @throws ParleyError conflict when the Idempotency-Key was used for another request
 */
export async function giveFeedback(
  thread: ThreadRef,
  feedback: Feedback,
  { idempotency, context }: { idempotency: IdempotentRequest; context: Context },
): Promise<Written<Given>> {
  const put = (given: Given) => ({
    Item: storedItem(keys.feedback(thread, feedback.userId, feedback.messageId), { ...feedback, ...given }),
  });
  const first: Given = { id: feedback.id, editedAt: null };
  const asFirst: Write = { Put: { ...put(first), ConditionExpression: 'attribute_not_exists(pk)' } };
  const tried = await tryIdempotently(idempotency, { writes: { feedback: asFirst }, result: first }, context);
  if (tried.state === 'written') return tried;
  if (tried.state === 'mismatched') throw keyReused();
  const id = String(tried.failed.feedback?.current?.id);
  if (id === feedback.id) return { result: first, replayed: false }; // written although nothing said so
  const again: Given = { id, editedAt: new Date(context.now()).toISOString() };
  return writeIdempotently(
    idempotency,
    { writes: { feedback: { Put: put(again) } }, result: again },
    context,
  );
}

/**
 * What a user thinks of messages of a thread, by the message's id; those without feedback are not in it.
 *
 * @param messages in either order of their ids
 */
export async function feedbackOn(
  thread: ThreadRef,
  userId: string,
  messages: readonly Message[],
): Promise<ReadonlyMap<string, Feedback>> {
  const [first, last] = [messages[0], messages.at(-1)];
  if (!first || !last) return new Map();
  const [from = '', to = ''] = [first, last].map(({ id }) => keys.feedback(thread, userId, id).sk).toSorted();
  const page = { order: 'asc', start: undefined, limit: messages.length } as const;
  const { items } = await collect({ pk: keys.threadPk(thread), range: { from, to } }, page);
  const given = items as unknown as Feedback[]; // as written above
  return new Map(given.map((feedback) => [feedback.messageId, feedback]));
}
