import type { SortKeyRange } from './keys.ts';
import { type Order, queryOnce } from './query.ts';
import { type IndexName, TABLE } from './table.ts';
import type { Item } from './transact.ts';

/** Partitions of an index, read as one list: by the index's sort key, and by `id` where that is the same. */
interface Merge {
  readonly index: IndexName;
  readonly partitions: readonly string[];
  readonly range: SortKeyRange;
  readonly order: Order;
}

/** Where an item stands in such a list. */
export interface Place {
  readonly sortKey: string;
  readonly id: string;
}

/** A partition as far as it has been read. */
interface Strand {
  readonly pk: string;
  readonly items: readonly Item[];
  /** The sort key up to which it has been read: there may be more items with the same. */
  readonly edge: string;
  readonly next: Item | undefined;
  readonly isEnded: boolean;
}

/** How many items more than its share a partition is asked for: few lists are spread quite evenly. */
const SPARE = 3;

/**
 * A page of several partitions merged. Each is asked for its share of the page and a few, and again only while it holds
 * the others back: no item is in the page before all partitions have been read beyond its sort key.
 *
 * @param after the place where the last page ended, or null
 */
export async function mergePartitions(
  { index, partitions, range, order }: Merge,
  { limit, after }: { limit: number; after: Place | null },
): Promise<{ items: Item[]; hasMore: boolean }> {
  const { bySortKey, byPlace } = comparisons(order);
  const placeOf = (item: Item) => placeIn(index, item);
  const share = Math.ceil(limit / partitions.length) + SPARE;

  const readOn = async (strand: Strand): Promise<Strand> => {
    const page = { order, start: strand.next, limit: share };
    const { items, next } = await queryOnce({ index, pk: strand.pk, range }, page);
    const last = items.at(-1);
    const isBeyond = (item: Item) => after === null || byPlace(placeOf(item), after) > 0;
    return {
      pk: strand.pk,
      items: [...strand.items, ...items.filter(isBeyond)],
      edge: last ? placeOf(last).sortKey : strand.edge,
      next,
      isEnded: next === undefined,
    };
  };

  const start = order === 'asc' ? range.from : range.to;
  let strands: Strand[] = partitions.map((pk) => ({
    pk,
    items: [],
    edge: start,
    next: undefined,
    isEnded: false,
  }));
  for (;;) {
    const edges = strands.flatMap(({ edge, isEnded }) => (isEnded ? [] : [edge]));
    const nearest = edges.toSorted(bySortKey)[0];
    const known = strands
      .flatMap(({ items }) => items)
      .filter((item) => nearest === undefined || bySortKey(placeOf(item).sortKey, nearest) < 0);
    if (nearest === undefined || known.length >= limit) {
      const items = known.toSorted((a, b) => byPlace(placeOf(a), placeOf(b))).slice(0, limit);
      // What is at an edge is beyond the page, so that there is more where any partition has not ended.
      return { items, hasMore: nearest !== undefined || known.length > limit };
    }
    const holdsBack = ({ edge, isEnded }: Strand) => !isEnded && edge === nearest;
    const read = await Promise.all(strands.filter(holdsBack).map(readOn));
    strands = [...strands.filter((strand) => !holdsBack(strand)), ...read];
  }
}

/** The place of an item in lists that are read by this index. */
export function placeIn(index: IndexName, item: Item): Place {
  return { sortKey: String(item[TABLE.indexes[index].sortKey]), id: String(item.id) };
}

function comparisons(order: Order) {
  const sign = order === 'asc' ? 1 : -1;
  const bySortKey = (a: string, b: string) => sign * (Number(a > b) - Number(a < b));
  const byPlace = (a: Place, b: Place) => bySortKey(a.sortKey, b.sortKey) || bySortKey(a.id, b.id);
  return { bySortKey, byPlace };
}
