import { BatchWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Message } from '../../functions/domain/message.ts';
import { advanceHead } from '../../functions/store/advance-head.ts';
import { putMessage } from '../../functions/store/messages.ts';
import type { Table } from '../../functions/store/client.ts';

/** BatchWriteItem's quota. */
const BATCH = 25;

/** Writes messages into a thread as they stand after so many appends, oldest first. */
export async function seedMessages(
  threadPk: string,
  messages: readonly Message[],
  { client, name }: Table,
): Promise<void> {
  const last = messages.at(-1);
  const { Update } = last ? advanceHead(threadPk, last) : {};
  if (!Update) throw new Error('There is nothing to seed');
  const puts = messages.map((message) => ({ PutRequest: { Item: putMessage(threadPk, message).Put?.Item } }));
  const batches = Array.from({ length: Math.ceil(puts.length / BATCH) }, (_, index) =>
    puts.slice(index * BATCH, (index + 1) * BATCH),
  );
  for (const batch of batches) await client.send(new BatchWriteCommand({ RequestItems: { [name]: batch } }));
  const counted = { ...Update.ExpressionAttributeValues, ':one': messages.length };
  await client.send(new UpdateCommand({ ...Update, TableName: name, ExpressionAttributeValues: counted }));
}
