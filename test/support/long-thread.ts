import { BatchWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { newId } from '../../functions/domain/ids.ts';
import { type Message, type Role, textMessage } from '../../functions/domain/message.ts';
import type { ThreadRef } from '../../functions/domain/thread-ref.ts';
import { messageTokens } from '../../functions/domain/tokens.ts';
import type { Table } from '../../functions/store/client.ts';
import * as keys from '../../functions/store/keys.ts';
import { putMessage } from '../../functions/store/messages.ts';

/** BatchWriteItem's quotas: 25 items, 16 MB. */
const BATCH = 25;

/** Puts messages into an empty thread, and its head where appends would have left it, in a fraction of their time. */
export async function fillThread(
  { client, name }: Table,
  thread: ThreadRef,
  said: readonly { readonly role: Role; readonly text: string }[],
): Promise<readonly Message[]> {
  const firstMs = Date.now() - said.length - 1_000;
  const messages = said.map(({ role, text }, index) => ({
    ...textMessage(role, text),
    id: newId(firstMs + index),
  }));
  for (let from = 0; from < messages.length; from += BATCH) {
    const puts = messages
      .slice(from, from + BATCH)
      .map((each) => ({ PutRequest: { Item: putMessage(thread, each).Put?.Item } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [name]: puts } }));
  }
  const head = new UpdateCommand({
    TableName: name,
    Key: keys.head(thread),
    UpdateExpression: 'SET gsi1sk = :last ADD messageCount :count, tokens :tokens',
    ExpressionAttributeValues: {
      ':last': messages.at(-1)?.id,
      ':count': messages.length,
      ':tokens': messages.reduce((sum, each) => sum + messageTokens(each), 0),
    },
  });
  await client.send(head);
  return messages;
}
