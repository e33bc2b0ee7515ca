import { setTimeout } from 'node:timers/promises';
import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from './client.ts';
import * as keys from './keys.ts';
import { TABLE } from './table.ts';

/** BatchWriteItem's quota. */
const BATCH = 25;
const MAX_REFUSALS = 10;
const PAUSE_MS = 200;

/** Deletes a thread with all that was said in it, the logs of its turns and what points to it. Not atomic. */
export async function deleteThread(threadPk: string, table: Table): Promise<void> {
  for (const turnId of await idsIn(threadPk, keys.TURNS, table))
    await deletePartition(keys.turnEntry(threadPk, turnId, 0).pk, table);
  if (keys.kindOf(threadPk) === 'AGENT') {
    const { organizationId } = keys.agentThreadIn(threadPk);
    for (const messageId of await idsIn(threadPk, keys.MESSAGES, table))
      await deletePartition(keys.messagePointer(organizationId, messageId).pk, table);
  }
  await deletePartition(threadPk, table);
}

async function idsIn(
  threadPk: string,
  { from, to }: keys.SortKeyRange,
  { client, name }: Table,
): Promise<string[]> {
  const ids: string[] = [];
  let next: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new QueryCommand({
        TableName: name,
        KeyConditionExpression: `${TABLE.partitionKey} = :pk AND ${TABLE.sortKey} BETWEEN :from AND :to`,
        ExpressionAttributeValues: { ':pk': threadPk, ':from': from, ':to': to },
        ConsistentRead: true,
        ExclusiveStartKey: next,
      }),
    );
    ids.push(...(page.Items ?? []).map(({ id }) => id as string));
    next = page.LastEvaluatedKey;
  } while (next);
  return ids;
}

/** Deletes all items of a partition: whatever has one owner. Not atomic. */
export async function deletePartition(pk: string, { client, name }: Table): Promise<void> {
  const query = new QueryCommand({
    TableName: name,
    KeyConditionExpression: `${TABLE.partitionKey} = :pk`,
    ExpressionAttributeValues: { ':pk': pk },
    ProjectionExpression: `${TABLE.partitionKey}, ${TABLE.sortKey}`,
    ConsistentRead: true,
    Limit: BATCH,
  });
  for (let refused = 0; refused < MAX_REFUSALS; ) {
    const { Items: keys = [] } = await client.send(query);
    if (keys.length === 0) return;
    const requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
    const { UnprocessedItems } = await client.send(
      new BatchWriteCommand({ RequestItems: { [name]: requests } }),
    );
    if (!UnprocessedItems?.[name]) continue;
    // What DynamoDB leaves undone, because it is throttled, is found again by the next query.
    refused += 1;
    await setTimeout(refused * PAUSE_MS);
  }
  throw new Error('The table is too busy to delete from');
}
