import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Table } from './client.ts';
import * as keys from './keys.ts';
import { TABLE } from './table.ts';

/** The ids of all items of a thread with these sort keys, consistent. */
export async function idsInThread(
  thread: ThreadRef,
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
        ExpressionAttributeValues: { ':pk': keys.threadPk(thread), ':from': from, ':to': to },
        ConsistentRead: true,
        ExclusiveStartKey: next,
      }),
    );
    ids.push(...(page.Items ?? []).map(({ id }) => id as string));
    next = page.LastEvaluatedKey;
  } while (next);
  return ids;
}
