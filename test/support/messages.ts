import { BatchWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { idAfter, newId } from '../../functions/domain/ids.ts';
import { type Message, textMessage } from '../../functions/domain/message.ts';
import type { ThreadRef } from '../../functions/domain/thread-ref.ts';
import type { Table } from '../../functions/store/client.ts';
import { messageWrites } from '../../functions/threads/message-writes.ts';

/** BatchWriteItem's quota. */
const BATCH = 25;
/** DynamoDB Local writes three times as much on many connections as on one. */
const WRITERS = 8;

/** Messages of a user, one after the other from now on; `text` makes the text of each. */
export function messagesFromNow(count: number, text: (index: number) => string): Message[] {
  let id = newId(Date.now());
  return Array.from({ length: count }, (_, index) => {
    id = idAfter(id);
    return { ...textMessage('user', text(index)), id };
  });
}

/** Writes messages into a thread as they stand after so many appends, oldest first. */
export async function seedMessages(
  thread: ThreadRef,
  messages: readonly Message[],
  { client, name }: Table,
): Promise<void> {
  const last = messages.at(-1);
  const Update = last && messageWrites(thread, last).head.Update;
  if (!Update) throw new Error('There is nothing to seed');
  const puts = messages
    .map((message) => messageWrites(thread, message))
    .flatMap(({ message, pointer }) => (pointer ? [message, pointer] : [message]))
    .map(({ Put }) => ({ PutRequest: { Item: Put?.Item } }));
  const batches = Array.from({ length: Math.ceil(puts.length / BATCH) }, (_, index) =>
    puts.slice(index * BATCH, (index + 1) * BATCH),
  );
  const write = async () => {
    for (let batch = batches.pop(); batch; batch = batches.pop())
      await client.send(new BatchWriteCommand({ RequestItems: { [name]: batch } }));
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  const counted = { ...Update.ExpressionAttributeValues, ':one': messages.length };
  await client.send(new UpdateCommand({ ...Update, TableName: name, ExpressionAttributeValues: counted }));
}
