import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Table } from './client.ts';
import * as keys from './keys.ts';
import { send } from './send.ts';
import { TABLE } from './table.ts';

/** The ids of all items of a thread with these sort keys, consistent. */
export async function idsInThread(
  thread: ThreadRef,
  { from, to }: keys.SortKeyRange,
  table: Table,
): Promise<string[]> {
  const ids: string[] = [];
  let next: Record<string, unknown> | undefined;
  do {
    const page = await send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: `${TABLE.partitionKey} = :pk AND ${TABLE.sortKey} BETWEEN :from AND :to`,
        ExpressionAttributeValues: { ':pk': keys.threadPk(thread), ':from': from, ':to': to },
        ConsistentRead: true,
        ExclusiveStartKey: next,
      }),
      { context: null, to: table },
    );
    ids.push(...(page.Items ?? []).map(({ id }) => id as string));
    next = page.LastEvaluatedKey;
  } while (next);
  return ids;
}
