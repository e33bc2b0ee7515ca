import { isUuid } from '../domain/ids.ts';
import * as keys from './keys.ts';
import { mergePartitions, type Place, placeIn } from './merge-partitions.ts';
import type { Order } from './query.ts';
import type { IndexName } from './table.ts';
import type { Item } from './transact.ts';

/** A list of threads, in the order of an index. */
export interface ThreadList {
  readonly index: IndexName;
  readonly partitions: keys.ThreadListKeys;
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
  { index, partitions, upTo, order = 'desc' }: ThreadList,
  { limit, after }: { limit: number; after: string | null },
): Promise<{ heads: Item[]; next: string | null }> {
  const start = after === null ? null : toPlace(after);
  // All partitions are read from the same place on, whichever of them the last page ended in.
  const from = order === 'asc' ? start?.sortKey : undefined;
  const to = order === 'asc' ? upTo : start?.sortKey;
  if (from !== undefined && to !== undefined && from > to) return { heads: [], next: null };
  const merge = { index, partitions, range: keys.idsBetween(from, to), order };
  const { items: heads, hasMore } = await mergePartitions(merge, { limit, after: start });
  const last = heads.at(-1);
  return { heads, next: hasMore && last ? toPosition(placeIn(index, last)) : null };
}

/** Whether a text can be such a position. */
export function isThreadPosition(text: string): boolean {
  const parts = text.split('/');
  return parts.length === 2 && parts.every(isUuid);
}

function toPosition({ sortKey, id }: Place): string {
  return `${sortKey}/${id}`;
}

function toPlace(position: string): Place {
  const [sortKey = '', id = ''] = position.split('/');
  return { sortKey, id };
}
