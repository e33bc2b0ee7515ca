import type { Context } from '../domain/context.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Titled } from '../domain/threads.ts';
import * as keys from './keys.ts';
import { type Item, transact } from './transact.ts';

/** What the head of a conversation or an agent's thread says about its title. */
export function toTitled(head: Item): Titled {
  return head as unknown as Titled; // as putHead, advanceHead and writeModelTitle wrote it
}

/** Writes the model's title, once. Neither the thread's place in its lists nor the version of what is edited moves. */
export async function writeModelTitle(thread: ThreadRef, title: string, context: Context): Promise<void> {
  const Update = {
    Key: keys.head(thread),
    UpdateExpression: 'SET modelTitle = :title',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(modelTitle)',
    ExpressionAttributeValues: { ':title': title },
  };
  await transact({ title: { Update } }, context);
}
