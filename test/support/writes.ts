import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Api } from './api.ts';
import type { DatabaseCall } from './database-proxy.ts';

/** What a call is about. */
export type Operation = Pick<DatabaseCall, 'operation' | 'input'>;
type Wire = Readonly<Record<string, { readonly S?: string } | undefined>>;
interface Write {
  readonly Key?: Wire;
  readonly Item?: Wire;
}

const READS = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'TransactGetItems'];
/** What is done with the table, of which no item is written. */
const OF_TABLES = ['CreateTable', 'DescribeTable', 'UpdateTimeToLive'];
const CHECK = 'ConditionCheck';
const SLOTS = '["PACE#';

/** The keys of the items that a call writes or, in a transaction, only checks; each as one text. None for a read. */
export function keysIn(call: Operation): string[] {
  return writesIn(call).map(([, write]) => keyOf(write));
}

/** The item with a key that is one text. */
export async function itemWithKey({ table }: Api, key: string): Promise<Record<string, unknown> | undefined> {
  const [pk, sk] = JSON.parse(key) as string[];
  const get = new GetCommand({ TableName: table.name, Key: { pk, sk }, ConsistentRead: true });
  return (await table.client.send(get)).Item;
}

/**
 * The keys of the items that are put, changed or deleted while this runs, each once: what the proxy sees that the
 * database has done. What is refused, as a transaction with a failed condition is, writes nothing. The slots that writers
 * take who meet are not counted: nothing but timing depends on them.
 */
export async function itemsWritten({ database }: Api, run: () => Promise<unknown>): Promise<Set<string>> {
  const keys = new Set<string>();
  const undo = database.listen((call) => {
    for (const [kind, write] of writesIn(call))
      if (kind !== CHECK && !keyOf(write).startsWith(SLOTS)) keys.add(keyOf(write));
  });
  await run();
  undo();
  return keys;
}

function keyOf({ Key, Item }: Write): string {
  return JSON.stringify([Key?.pk?.S ?? Item?.pk?.S, Key?.sk?.S ?? Item?.sk?.S]);
}

/** The writes of a call, each with its kind. */
function writesIn({ operation, input }: Operation): [string, Write][] {
  if ([...READS, ...OF_TABLES].includes(operation)) return [];
  switch (operation) {
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem':
      return [[operation, input]];
    case 'BatchWriteItem':
      return Object.values(input.RequestItems as Record<string, Record<string, Write>[]>)
        .flat()
        .flatMap(Object.entries);
    case 'TransactWriteItems':
      return (input.TransactItems as Record<string, Write>[]).flatMap(Object.entries<Write>);
    default:
      throw new Error(`Nobody has said whether ${operation} writes`);
  }
}
