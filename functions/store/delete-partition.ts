import { setTimeout } from 'node:timers/promises';
import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from './client.ts';
import { send } from './send.ts';
import { TABLE } from './table.ts';

/** BatchWriteItem's quota. */
const BATCH = 25;
const MAX_REFUSALS = 10;
const PAUSE_MS = 200;

/** Deletes all items of a partition: whatever has one owner. Not atomic. */
export async function deletePartition(pk: string, to: Table): Promise<void> {
  const query = new QueryCommand({
    TableName: to.name,
    KeyConditionExpression: `${TABLE.partitionKey} = :pk`,
    ExpressionAttributeValues: { ':pk': pk },
    ProjectionExpression: `${TABLE.partitionKey}, ${TABLE.sortKey}`,
    ConsistentRead: true,
    Limit: BATCH,
  });
  for (let refused = 0; refused < MAX_REFUSALS; ) {
    const { Items: keys = [] } = await send(query, { context: null, to });
    if (keys.length === 0) return;
    const requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
    const { UnprocessedItems } = await send(
      new BatchWriteCommand({ RequestItems: { [to.name]: requests } }),
      { context: null, to },
    );
    if (!UnprocessedItems?.[to.name]) continue;
    // What DynamoDB leaves undone, because it is throttled, is found again by the next query.
    refused += 1;
    await setTimeout(refused * PAUSE_MS);
  }
  throw new Error('The table is too busy to delete from');
}
