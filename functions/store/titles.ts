import type { Context } from '../domain/context.ts';
import type { Spending } from '../domain/spending.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Titled } from '../domain/threads.ts';
import * as keys from './keys.ts';
import { type Item, transact, type Write } from './transact.ts';
import { usageWrites } from './usage.ts';

/** What the head of a conversation or an agent's thread says about its title. */
export function toTitled(head: Item): Titled {
  return head as unknown as Titled; // as putHead, advanceHead and writeModelTitle wrote it
}

/**
 * Writes the model's title, once, and counts what it has used, whether or not it is written. Neither the thread's place
 * in its lists nor the version of what is edited moves.
 *
 * @param title empty where there is none
 */
export async function writeModelTitle(
  thread: ThreadRef,
  { title, spent }: { title: string; spent: Spending },
  context: Context,
): Promise<void> {
  const used = usageWrites(thread, { id: context.newId(), of: 'titles', before: null, after: spent });
  if (title !== '' && (await transact({ title: titleWrite(thread, title), ...used }, context)).committed)
    return;
  if (used.usage) await transact(used, context);
}

function titleWrite(thread: ThreadRef, title: string): Write {
  const Update = {
    Key: keys.head(thread),
    UpdateExpression: 'SET modelTitle = :title',
    ConditionExpression: 'attribute_exists(pk) AND attribute_not_exists(modelTitle)',
    ExpressionAttributeValues: { ':title': title },
  };
  return { Update };
}
