import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../functions/store/client.ts';

/**
 * How many items the table holds, without the slots of writers who have met: they are gone after a minute.
 *
 * @param besides the partitions of others that do not count
 */
export async function countItems({ client, name }: Table, besides = /^$/u): Promise<number> {
  const isCounted = ({ pk }: Record<string, unknown>) =>
    !String(pk).startsWith('PACE#') && !besides.test(String(pk));
  return (await allItems({ client, name })).filter(isCounted).length;
}

/** The product's client gives a request two seconds, and a page of 1 MB may take longer on a busy machine. */
const PAGE = 500;

/** Every item of the table. */
export async function allItems({ client, name }: Table): Promise<Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: name, ConsistentRead: true, ExclusiveStartKey, Limit: PAGE }),
    );
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

/**
 * An item's size as DynamoDB bills it (developer guide, "DynamoDB item sizes and formats"): names and values in UTF-8, a
 * null or boolean one byte, a number one byte and another for every two significant digits.
 */
export function sizeOf(item: Readonly<Record<string, unknown>>): number {
  const ofValue = (value: unknown): number => {
    if (typeof value === 'string') return Buffer.byteLength(value);
    if (typeof value === 'number') return 1 + Math.ceil(digitsOf(value) / 2);
    if (typeof value === 'object' && value !== null) return 3 + sizeOf({ ...value });
    return 1;
  };
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + ofValue(value),
    0,
  );
}

/** The significant digits of a number; a minus counts as one. */
function digitsOf(value: number): number {
  const digits = String(value)
    .replace(/e.*$/u, '')
    .replace('.', '')
    .replaceAll(/^0+|0+$/gu, '');
  return Math.max(1, digits.length);
}
