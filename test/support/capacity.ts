import { vi } from 'vitest';
import { TURN_ENTRIES } from '../../functions/store/keys.ts';
import { TABLE } from '../../functions/store/table.ts';
import type { Api } from './api.ts';
import type { MeteredCall } from './database-proxy.ts';
import { sizeOf } from './table.ts';
import { itemWithKey, keysIn } from './writes.ts';

/**
 * What a request uses of DynamoDB: request units, without the read that authorizes an API key, which is kept for a
 * minute, and without what comes by the clock while a model speaks: a look at the lease each half second, and the entries
 * of the log. README says what those cost.
 */
export interface Units {
  readonly writes: number;
  readonly reads: number;
}

type Item = Readonly<Record<string, unknown>>;

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];
const UNIT_BYTES = 1_024;

/**
 * Meters a request. DynamoDB Local says exactly what single operations use. Of transactions it does not, so they are
 * computed: two units for each KB begun of an item, and one for each KB begun of an index entry that is put, changed or
 * deleted; an entry whose key changes is deleted and put.
 */
export async function unitsOf(api: Api, request: () => Promise<unknown>): Promise<Units> {
  const calls: MeteredCall[] = [];
  const before = new Map<string, Promise<Item | undefined>>();
  // Each item as it is before the request first writes it: the call waits until it has been read.
  const unwitness = api.database.witness((call) => {
    for (const key of keysIn(call)) if (!before.has(key)) before.set(key, itemWithKey(api, key));
    return Promise.all(before.values());
  });
  const undo = api.database.meter((call) => calls.push(call));
  vi.useFakeTimers({ toFake: ['setInterval'] }); // for the looks alone, which are as many as the machine is slow
  await request();
  vi.useRealTimers();
  undo();
  unwitness();
  const change = { before: await settled(before), after: await settled(readAll(api, before.keys())) };
  const own = calls.filter(({ input }) => !JSON.stringify(input).includes('API_KEY#') && !isLogEntry(input));
  const sum = (units: number[]) => units.reduce((a, b) => a + b, 0);
  return {
    writes: sum(own.map((call) => writesOf(call, change))),
    reads: sum(own.map(readsOf)),
  };
}

/** What is not there costs what the smallest item does, which DynamoDB Local forgets in a batch and in a query. */
export function readsOf({ operation, input, units }: MeteredCall): number {
  if (operation === 'Query') return Math.max(units, input.ConsistentRead ? 1 : 0.5);
  if (operation !== 'BatchGetItem') return isRead(operation) ? units : 0;
  const wanted = Object.values(
    input.RequestItems as Record<string, { Keys: unknown[]; ConsistentRead?: boolean }>,
  );
  const least = wanted.map(({ Keys, ConsistentRead }) => Keys.length * (ConsistentRead ? 1 : 0.5));
  return Math.max(units, ...least);
}

/** An entry that is written while a model speaks; the log's end is in the transaction that ends the turn. */
export function isLogEntry({ Item }: MeteredCall['input']): boolean {
  const { pk, sk } = (Item ?? {}) as { pk?: { S?: string }; sk?: { S?: string } };
  return Boolean(pk?.S?.includes('#TURN#') && sk?.S?.startsWith(TURN_ENTRIES.from));
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
  return keysIn({ operation, input }).reduce((sum, key) => {
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

type Reading = ReadonlyMap<string, Promise<Item | undefined>>;

function readAll(api: Api, keys: Iterable<string>): Reading {
  return new Map([...keys].map((key) => [key, itemWithKey(api, key)]));
}

async function settled(reading: Reading): Promise<Map<string, Item>> {
  const items = new Map<string, Item>();
  for (const [key, item] of reading) {
    const found = await item;
    if (found) items.set(key, found);
  }
  return items;
}
