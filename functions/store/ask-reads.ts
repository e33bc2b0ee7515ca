import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import type { AskThread } from '../domain/threads.ts';
import { table } from './client.ts';
import * as keys from './keys.ts';
import { collect } from './query.ts';
import { send } from './send.ts';
import { storedItem } from './stored-item.ts';

/** Whose reading of whose threads. */
interface Reader {
  readonly brandId: string;
  readonly memberUserId: string;
  readonly readerId: string;
}

/**
 * Notes that a thread is read now. It stands apart from the thread, which reading does not move.
 *
 * @returns when this reader read it last, RFC 3339, or null for the first time
 */
export async function noteRead(
  { id, brandId, memberUserId }: Pick<AskThread, 'id' | 'brandId' | 'memberUserId'>,
  { readerId, at }: { readerId: string; at: string },
  context: Context,
): Promise<string | null> {
  const Item = storedItem(keys.askRead(keys.askReads(brandId, memberUserId, readerId), id), { at });
  const put = new PutCommand({ TableName: table().name, Item, ReturnValues: 'ALL_OLD' });
  const { Attributes } = await send(put, { context });
  return (Attributes?.at as string | undefined) ?? null; // as written above
}

/** When a reader last read each of a member's threads, by the thread's id; those never read are not in it. */
export async function readsOf(
  { brandId, memberUserId, readerId }: Reader,
  threadIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const [from, ...others] = threadIds.toSorted();
  if (from === undefined) return new Map();
  const pk = keys.askReads(brandId, memberUserId, readerId);
  const range = { from, to: others.at(-1) ?? from };
  const everything = { order: 'asc', start: undefined, limit: Number.MAX_SAFE_INTEGER } as const;
  const { items } = await collect({ pk, range }, everything);
  return new Map(items.map(({ sk, at }) => [String(sk), String(at)]));
}
