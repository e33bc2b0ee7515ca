import type { ThreadRef } from '../domain/thread-ref.ts';
import * as keys from './keys.ts';
import { collect, type Order } from './query.ts';
import { type IndexName, TABLE } from './table.ts';
import type { Item } from './transact.ts';

/** A list of threads: one partition of an index. */
export interface ThreadList {
  readonly index: IndexName;
  readonly pk: string;
  /** A thread of the list. */
  readonly refOf: (id: string) => ThreadRef;
  /** Where in the index's order the list ends, if not with its last entry; a page that starts later is empty. */
  readonly upTo?: string;
  readonly order?: Order;
}

/**
 * A page of a list of threads, in the order of its index, which may lag a second behind.
 *
 * @param after where the last page ended, or null
 * @returns heads as the index holds them, and where this page ends, or null where nothing follows
 */
export async function listThreads(
  { index, pk, refOf, upTo, order = 'desc' }: ThreadList,
  { limit, after }: { limit: number; after: string | null },
): Promise<{ heads: Item[]; next: string | null }> {
  const { partitionKey, sortKey } = TABLE.indexes[index];
  // A position is the index's sort key, which orders the thread, and the thread's id, which finds its key.
  const [place = '', id = ''] = after?.split('/') ?? [];
  const start =
    after === null ? undefined : { ...keys.head(refOf(id)), [partitionKey]: pk, [sortKey]: place };
  const range = upTo === undefined ? {} : { range: keys.upTo(upTo > place ? upTo : `${place}~`) };
  const { items: heads, hasMore } = await collect({ index, pk, ...range }, { order, start, limit });
  const last = heads.at(-1);
  return { heads, next: hasMore && last ? `${String(last[sortKey])}/${String(last.id)}` : null };
}
