import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import type { Conversation } from '../domain/threads.ts';
import { table } from './client.ts';
import * as keys from './keys.ts';
import type { Key } from './keys.ts';
import { type OnceOnly, type Written, writeOnce } from './once.ts';
import { collect } from './query.ts';
import type { Item } from './transact.ts';

/** Whose conversations. */
export interface ConversationOwner {
  readonly brandId: string;
  readonly userId: string;
}

/** Stores a new conversation and counts it. */
export function createConversation(
  conversation: Conversation,
  once: OnceOnly,
  context: Context,
): Promise<Written<{ id: string; model: string }>> {
  const { id, brandId, userId, model, title, lastMessageId, messageCount } = conversation;
  const head = {
    ...keys.head(keys.conversation(brandId, userId, id)),
    gsi1pk: keys.conversationsOf(brandId, userId),
    gsi1sk: lastMessageId,
    ...{ id, brandId, userId, model, title, messageCount },
  };
  const count = {
    Key: keys.conversationCount(brandId, userId),
    UpdateExpression: 'ADD conversations :one',
    ExpressionAttributeValues: { ':one': 1 },
  };
  return writeOnce(
    once,
    { writes: [{ Put: { Item: head } }, { Update: count }], kept: { id, model } },
    context,
  );
}

/** A page of an owner's conversations, newest activity first, from an index that may lag a second. */
export async function listConversations(
  { brandId, userId }: ConversationOwner,
  { limit, after }: { limit: number; after: string | null },
): Promise<{ conversations: Conversation[]; next: string | null; total: number }> {
  const start = after === null ? undefined : startKey(after, { brandId, userId });
  const [page, count] = await Promise.all([
    collect({ index: 'gsi1', pk: keys.conversationsOf(brandId, userId) }, { order: 'desc', start, limit }),
    table().client.send(
      new GetCommand({
        TableName: table().name,
        Key: keys.conversationCount(brandId, userId),
        ConsistentRead: true,
      }),
    ),
  ]);
  const conversations = page.items.map(toConversation);
  const last = conversations.at(-1);
  const next = page.hasMore && last ? `${last.lastMessageId}/${last.id}` : null;
  return { conversations, next, total: Number(count.Item?.conversations ?? 0) };
}

/** A position in the list is the last message's id, which orders it, and the thread's, which finds its key. */
function startKey(
  position: string,
  { brandId, userId }: ConversationOwner,
): Key & { gsi1pk: string; gsi1sk: string } {
  const [gsi1sk = '', id = ''] = position.split('/');
  const gsi1pk = keys.conversationsOf(brandId, userId);
  return { ...keys.head(keys.conversation(brandId, userId, id)), gsi1pk, gsi1sk };
}

/** The head as createConversation wrote it and appends moved it. */
export function toConversation(head: Item): Conversation {
  return {
    id: head.id as string,
    brandId: head.brandId as string,
    userId: head.userId as string,
    model: head.model as string,
    title: head.title as string | null,
    lastMessageId: head.gsi1sk as string,
    messageCount: head.messageCount as number,
  };
}
