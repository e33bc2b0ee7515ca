import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import { callTime } from '../patience/request-time.ts';
import { table } from './client.ts';
import type { Key } from './keys.ts';
import { send, unavailable } from './send.ts';
import type { Item } from './transact.ts';

/** BatchGetItem's quota. */
const BATCH = 100;

/** Items that were read together, by their keys; undefined for one that is not there. */
export interface Items {
  readonly of: (key: Key) => Item | undefined;
}

/**
 * Reads any number of items, each once, in as few round trips as there are hundreds of them. BatchGetItem may leave
 * keys unprocessed when it is throttled: they are asked for again.
 *
 * @param consistent whether what was written just now must be seen, for twice the cost
 */
export async function getItems(
  wanted: readonly Key[],
  { consistent, context }: { consistent: boolean; context: Context },
): Promise<Items> {
  const time = callTime(context);
  const found = new Map<string, Item>();
  let missing: Item[] = [...new Map(wanted.map((key) => [nameOf(key), { ...key }])).values()];
  for (let refused = 0; missing.length > 0; ) {
    const Keys = missing.slice(0, BATCH);
    const { Responses, UnprocessedKeys } = await send(
      new BatchGetCommand({ RequestItems: { [table().name]: { Keys, ConsistentRead: consistent } } }),
      { context },
    );
    for (const item of Responses?.[table().name] ?? []) found.set(nameOf(item), item);
    const unprocessed = UnprocessedKeys?.[table().name]?.Keys ?? [];
    missing = [...unprocessed, ...missing.slice(BATCH)];
    if (unprocessed.length > 0 && !(await time.pause(refused))) throw unavailable();
    refused += unprocessed.length > 0 ? 1 : 0;
  }
  return { of: (key) => found.get(nameOf(key)) };
}

function nameOf({ pk, sk }: Item | Key): string {
  return JSON.stringify([pk, sk]);
}
