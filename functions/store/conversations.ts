import { DeleteCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import { conversationRef } from '../domain/thread-ref.ts';
import type { Conversation } from '../domain/threads.ts';
import type { Table } from './client.ts';
import { getItem } from './get-item.ts';
import { attributesOf, type Lists, putHead } from './heads.ts';
import { type Written, writeIdempotently } from './idempotency.ts';
import * as keys from './keys.ts';
import { send } from './send.ts';
import { SET_VERSION, VERSION_VALUE } from './stored-item.ts';
import { listThreads } from './thread-lists.ts';
import type { Item } from './transact.ts';
import { writeIf } from './write-if.ts';

export interface ConversationOwner {
  readonly brandId: string;
  readonly userId: string;
}

/** Stores a new conversation and counts it. */
export function createConversation(
  { conversation, lists }: { conversation: Conversation; lists: Lists },
  idempotency: IdempotentRequest,
  context: Context,
): Promise<Written<{ id: string; model: string }>> {
  const { id, brandId, userId, model } = conversation;
  const head = putHead(conversationRef({ brandId, userId }, id), lists, conversation);
  const count = {
    Key: keys.conversationCount(brandId, userId),
    UpdateExpression: `SET ${SET_VERSION} ADD conversations :one`,
    ExpressionAttributeValues: { ':one': 1, ...VERSION_VALUE },
  };
  return writeIdempotently(
    idempotency,
    { writes: { head, count: { Update: count } }, result: { id, model } },
    context,
  );
}

/** Takes a deleted conversation out of the count. As a transaction it has a token, so that a retry counts once. */
export async function uncountConversation({ brandId, userId }: ConversationOwner, to: Table): Promise<void> {
  const Update = {
    TableName: to.name,
    Key: keys.conversationCount(brandId, userId),
    UpdateExpression: `SET ${SET_VERSION} ADD conversations :minusOne`,
    ExpressionAttributeValues: { ':minusOne': -1, ...VERSION_VALUE },
  };
  const ClientRequestToken = crypto.randomUUID();
  await send(new TransactWriteCommand({ TransactItems: [{ Update }], ClientRequestToken }), {
    context: null,
    to,
  });
  const none = new DeleteCommand({
    TableName: to.name,
    Key: Update.Key,
    ConditionExpression: 'conversations = :none',
    ExpressionAttributeValues: { ':none': 0 },
  });
  await writeIf(send(none, { context: null, to }));
}

/** A page of an owner's conversations, newest activity first, from an index that may lag a second. */
export async function listConversations(
  { brandId, userId }: ConversationOwner,
  page: { limit: number; after: string | null },
): Promise<{ conversations: Conversation[]; next: string | null; total: number }> {
  const partitions = [keys.conversationsOf(brandId, userId)];
  const [{ heads, next }, count] = await Promise.all([
    listThreads({ index: 'gsi1', partitions }, page),
    getItem(keys.conversationCount(brandId, userId)),
  ]);
  return { conversations: heads.map(toConversation), next, total: Number(count?.conversations ?? 0) };
}

/** The conversation of a head, which createConversation wrote. */
export function toConversation(head: Item): Conversation {
  return attributesOf(head) as unknown as Conversation;
}
