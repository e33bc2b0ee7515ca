import { DeleteCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import type { Conversation } from '../domain/threads.ts';
import type { Table } from './client.ts';
import { getItem } from './get-item.ts';
import { attributesOf, putHead } from './heads.ts';
import * as keys from './keys.ts';
import type { Key } from './keys.ts';
import { type OnceOnly, type Written, writeOnce } from './once.ts';
import { collect } from './query.ts';
import type { Item } from './transact.ts';
import { writeIf } from './write-if.ts';

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
  const { id, brandId, userId, model } = conversation;
  const head = putHead(
    keys.conversation(brandId, userId, id),
    keys.conversationsOf(brandId, userId),
    conversation,
  );
  const count = {
    Key: keys.conversationCount(brandId, userId),
    UpdateExpression: 'ADD conversations :one',
    ExpressionAttributeValues: { ':one': 1 },
  };
  return writeOnce(once, { writes: [head, { Update: count }], kept: { id, model } }, context);
}

/** Takes a deleted conversation out of the count. As a transaction it has a token, so that a retry counts once. */
export async function uncountConversation(
  { brandId, userId }: ConversationOwner,
  { client, name }: Table,
): Promise<void> {
  const Update = {
    TableName: name,
    Key: keys.conversationCount(brandId, userId),
    UpdateExpression: 'ADD conversations :minusOne',
    ExpressionAttributeValues: { ':minusOne': -1 },
  };
  await client.send(new TransactWriteCommand({ TransactItems: [{ Update }] }));
  const none = new DeleteCommand({
    TableName: name,
    Key: Update.Key,
    ConditionExpression: 'conversations = :none',
    ExpressionAttributeValues: { ':none': 0 },
  });
  await writeIf(client.send(none));
}

/** A page of an owner's conversations, newest activity first, from an index that may lag a second. */
export async function listConversations(
  { brandId, userId }: ConversationOwner,
  { limit, after }: { limit: number; after: string | null },
): Promise<{ conversations: Conversation[]; next: string | null; total: number }> {
  const start = after === null ? undefined : startKey(after, { brandId, userId });
  const [page, count] = await Promise.all([
    collect({ index: 'gsi1', pk: keys.conversationsOf(brandId, userId) }, { order: 'desc', start, limit }),
    getItem(keys.conversationCount(brandId, userId)),
  ]);
  const conversations = page.items.map(toConversation);
  const last = conversations.at(-1);
  const next = page.hasMore && last ? `${last.lastMessageId}/${last.id}` : null;
  return { conversations, next, total: Number(count?.conversations ?? 0) };
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

/** The conversation of a head, which createConversation wrote. */
export function toConversation(head: Item): Conversation {
  return attributesOf(head) as unknown as Conversation;
}
