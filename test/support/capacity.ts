import { TABLE } from '../../functions/store/table.ts';
import type { Api } from './api.ts';
import type { MeteredCall } from './database-proxy.ts';
import { allItems, sizeOf } from './table.ts';

/** What a request uses of DynamoDB: request units, without the read that authorizes an API key, which is kept for a minute. */
export interface Units {
  readonly writes: number;
  readonly reads: number;
}

type Item = Readonly<Record<string, unknown>>;
type Wire = Readonly<Record<string, { readonly S?: string } | undefined>>;

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];
const UNIT_BYTES = 1_024;

/**
 * Meters a request. DynamoDB Local says exactly what single operations use. Of transactions it does not, so they are
 * computed: two units for each KB begun of an item, and one for each KB begun of an index entry that is put, changed or
 * deleted; an entry whose key changes is deleted and put.
 */
export async function unitsOf(api: Api, request: () => Promise<unknown>): Promise<Units> {
  const calls: MeteredCall[] = [];
  const before = await itemsByKey(api);
  const undo = api.database.meter((call) => calls.push(call));
  await request();
  undo();
  const after = await itemsByKey(api);
  const own = calls.filter(({ input }) => !JSON.stringify(input).includes('API_KEY#'));
  const sum = (units: number[]) => units.reduce((a, b) => a + b, 0);
  return {
    writes: sum(own.map((call) => writesOf(call, { before, after }))),
    reads: sum(own.map(readsOf)),
  };
}

/** What is not there costs what the smallest item does, which DynamoDB Local forgets in a batch and in a query. */
function readsOf({ operation, input, units }: MeteredCall): number {
  if (operation === 'Query') return Math.max(units, input.ConsistentRead ? 1 : 0.5);
  if (operation !== 'BatchGetItem') return isRead(operation) ? units : 0;
  const wanted = Object.values(
    input.RequestItems as Record<string, { Keys: unknown[]; ConsistentRead?: boolean }>,
  );
  const least = wanted.map(({ Keys, ConsistentRead }) => Keys.length * (ConsistentRead ? 1 : 0.5));
  return Math.max(units, ...least);
}

function isRead(operation: string): boolean {
  return operation !== 'TransactWriteItems' && !WRITES.includes(operation);
}

interface Change {
  readonly before: ReadonlyMap<string, Item>;
  readonly after: ReadonlyMap<string, Item>;
}

function writesOf({ operation, input, units }: MeteredCall, change: Change): number {
  if (operation !== 'TransactWriteItems') return isRead(operation) ? 0 : units;
  const writes = (input.TransactItems as Record<string, { Key?: Wire; Item?: Wire }>[]).flatMap(
    Object.values,
  );
  return writes.reduce((sum, { Key, Item }) => {
    const key = keyOf(Key?.pk?.S ?? Item?.pk?.S, Key?.sk?.S ?? Item?.sk?.S);
    const [old, present] = [change.before.get(key), change.after.get(key)];
    const entries = Object.values(TABLE.indexes).map((index) => entryUnits(index, old, present));
    return sum + 2 * Math.max(kilobytes(old), kilobytes(present), 1) + entries.reduce((a, b) => a + b, 0);
  }, 0);
}

function entryUnits(
  { partitionKey, sortKey }: { partitionKey: string; sortKey: string },
  old: Item | undefined,
  present: Item | undefined,
): number {
  const entry = (item: Item | undefined) =>
    item && partitionKey in item && sortKey in item ? item : undefined;
  const [from, to] = [entry(old), entry(present)];
  const isMoved = from?.[partitionKey] !== to?.[partitionKey] || from?.[sortKey] !== to?.[sortKey];
  if (isMoved) return kilobytes(from) + kilobytes(to);
  return JSON.stringify(from) === JSON.stringify(to) ? 0 : Math.max(kilobytes(from), kilobytes(to));
}

function kilobytes(item: Item | undefined): number {
  return item ? Math.ceil(sizeOf(item) / UNIT_BYTES) : 0;
}

function keyOf(pk: unknown, sk: unknown): string {
  return JSON.stringify([pk, sk]);
}

async function itemsByKey({ table }: Api): Promise<Map<string, Item>> {
  return new Map((await allItems(table)).map((item) => [keyOf(item.pk, item.sk), item]));
}
