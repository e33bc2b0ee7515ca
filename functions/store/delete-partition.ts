import { BatchWriteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from './client.ts';
import { TABLE } from './table.ts';

/** BatchWriteItem's quota. */
const BATCH = 25;

/** Deletes all items of a partition: a thread with its messages, or whatever else has one owner. Not atomic. */
export async function deletePartition(pk: string, { client, name }: Table): Promise<void> {
  const query = new QueryCommand({
    TableName: name,
    KeyConditionExpression: `${TABLE.partitionKey} = :pk`,
    ExpressionAttributeValues: { ':pk': pk },
    ProjectionExpression: `${TABLE.partitionKey}, ${TABLE.sortKey}`,
    ConsistentRead: true,
    Limit: BATCH,
  });
  for (;;) {
    const { Items: keys = [] } = await client.send(query);
    if (keys.length === 0) return;
    const requests = keys.map((Key) => ({ DeleteRequest: { Key } }));
    // What DynamoDB leaves undone is found again by the next query.
    await client.send(new BatchWriteCommand({ RequestItems: { [name]: requests } }));
  }
}
