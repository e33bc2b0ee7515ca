import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { PAGE_BYTES } from '../domain/limits.ts';
import { table } from './client.ts';
import type { Key, SortKeyRange } from './keys.ts';
import { send } from './send.ts';
import { type IndexName, TABLE } from './table.ts';
import type { Item } from './transact.ts';

export type Order = 'asc' | 'desc';

/** One partition of the table, or of an index: an index is only eventually consistent. */
export interface Partition {
  readonly pk: string;
  readonly index?: IndexName;
  readonly range?: SortKeyRange;
}

/** Which of its items: `limit` of them beyond `start` (exclusive) in this order. A page ends early at `maxBytes`, where that is not null. */
export interface Page {
  readonly order: Order;
  readonly start: Key | undefined;
  readonly limit: number;
  readonly maxBytes?: number | null;
}

/** DynamoDB ends a page at 1 MB anyway. */
const LARGEST_QUERY = 1_000;

/** One query: up to `limit` items, and the key to go on after, which may be set with nothing left. */
export async function queryOnce(
  partition: Partition,
  { order, start, limit }: Omit<Page, 'maxBytes' | 'start'> & { start: Item | undefined },
): Promise<{ items: Item[]; next: Item | undefined }> {
  const query = new QueryCommand({
    TableName: table().name,
    ...conditionsOf(partition),
    ScanIndexForward: order === 'asc',
    Limit: Math.min(limit, LARGEST_QUERY),
    ExclusiveStartKey: start,
  });
  const page = await send(query, { context: null });
  return { items: page.Items ?? [], next: page.LastEvaluatedKey };
}

/** Queries until there are enough items or bytes. One item more than asked for tells whether there are more. */
export async function collect(
  partition: Partition,
  { order, start, limit, maxBytes = PAGE_BYTES }: Page,
): Promise<{ items: Item[]; hasMore: boolean }> {
  const items: Item[] = [];
  let bytes = 0;
  let next: Item | undefined = start && { ...start };
  do {
    const page = await queryOnce(partition, { order, start: next, limit: limit + 1 - items.length });
    for (const item of page.items) {
      if (maxBytes !== null) bytes += Buffer.byteLength(JSON.stringify(item));
      const isFull = maxBytes !== null && bytes > maxBytes && items.length > 0;
      if (items.length === limit || isFull) return { items, hasMore: true };
      items.push(item);
    }
    next = page.next;
  } while (next);
  return { items, hasMore: false };
}

function conditionsOf({ pk, index, range }: Partition) {
  const { partitionKey, sortKey } = index ? TABLE.indexes[index] : TABLE;
  return {
    ...(index ? { IndexName: index } : { ConsistentRead: true }),
    KeyConditionExpression: range
      ? `${partitionKey} = :pk AND ${sortKey} BETWEEN :from AND :to`
      : `${partitionKey} = :pk`,
    ExpressionAttributeValues: {
      ':pk': pk,
      ...(range && { ':from': range.from, ':to': range.to }),
    },
  };
}
