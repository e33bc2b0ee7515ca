import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import * as keys from '../../../functions/store/keys.ts';
import { listThreads } from '../../../functions/store/thread-lists.ts';
import { startApi } from '../../support/api.ts';

const api = await startApi();
const BATCH = 25;

interface Listed {
  readonly id: string;
  /** The sort key in the list. */
  readonly place: string;
  readonly name?: string;
}

/** Threads of a list of a new company. With few places many threads share theirs. */
const lists = fc.constantFrom(2, 200).chain((max) =>
  fc.array(fc.record({ place: fc.integer({ min: 0, max }), shard: fc.integer({ min: 0, max: 3 }) }), {
    maxLength: 60,
    size: 'max',
  }),
);
const place = (number: number) => `0198${String(number).padStart(4, '0')}-0000-7000-8000-000000000000`;
/** A new id that falls into a shard. */
const idIn = (shard: number) => newId(Date.now()).slice(0, -1) + shard;

async function put(
  companyId: number,
  threads: readonly Listed[],
  listOf = (id: string) => keys.shardOf(keys.assistantThreadsOf(companyId), id),
): Promise<void> {
  for (let from = 0; from < threads.length; from += BATCH) {
    const requests = threads.slice(from, from + BATCH).map(({ id, place: gsi1sk, ...rest }) => ({
      PutRequest: {
        Item: {
          ...keys.head({ kind: 'assistant', companyId, id }),
          gsi1pk: listOf(id),
          gsi1sk,
          id,
          ...rest,
        },
      },
    }));
    await api.table.client.send(new BatchWriteCommand({ RequestItems: { [api.table.name]: requests } }));
  }
}

const sorted = (threads: readonly Listed[], order: 'asc' | 'desc') => {
  const ids = threads.map(({ id, place: at }) => `${at}/${id}`).toSorted();
  return (order === 'asc' ? ids : ids.toReversed()).map((each) => each.split('/')[1]);
};

let companies = 0;

test('pages of a list in four partitions are one sorted list, each entry once, those that stay while others move too', async () => {
  const cases = fc.record({
    list: lists,
    order: fc.constantFrom('asc' as const, 'desc' as const),
    limit: fc.integer({ min: 1, max: 12 }),
    /** One partition may have nearly all. */
    skew: fc.boolean(),
    /** Every so many threads one moves to the list's start between two pages; 0 for none. */
    moving: fc.integer({ min: 0, max: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ list, order, limit, skew, moving }) => {
      companies += 1;
      const companyId = companies;
      const threads = list.map(({ place: number, shard }) => ({
        id: idIn(skew ? 0 : shard),
        place: place(number),
      }));
      await put(companyId, threads);
      const movers = moving === 0 ? [] : threads.filter((_, index) => index % (moving + 1) === 0);
      const stay = threads.filter((thread) => !movers.includes(thread));
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listThreads>> = await listThreads(
          { index: 'gsi1', partitions: keys.assistantThreadsOf(companyId), order },
          { limit, after },
        );
        expect(page.heads.length).toBeLessThanOrEqual(limit);
        if (page.next !== null) expect(page.heads).toHaveLength(limit);
        seen.push(...page.heads.map(({ id }) => String(id)));
        after = page.next;
        const mover = movers.pop();
        if (mover) await put(companyId, [{ ...mover, place: place(order === 'asc' ? 0 : 9_999) }]);
      } while (after !== null);
      const ids = new Set(stay.map(({ id }) => id));
      expect(seen.filter((id) => ids.has(id))).toEqual(sorted(stay, order));
      if (moving === 0) expect(seen).toEqual(sorted(threads, order));
    }),
    { numRuns: 60 },
  );
});

test('new ids fall into all four partitions, and each into its own', () => {
  const list = keys.assistantThreadsOf(1);
  const ids = Array.from({ length: 400 }, () => newId(Date.now()));
  const counts = list.map((pk) => ids.filter((id) => keys.shardOf(list, id) === pk).length);
  expect(counts).toHaveLength(4);
  for (const count of counts) expect(count).toBeGreaterThan(50);
});

/** Units that reading one page uses. */
async function unitsOfPage(partitions: keys.ThreadListKeys): Promise<number> {
  let units = 0;
  const undo = api.database.meter((call) => (units += Math.max(call.units, 0.5)));
  await listThreads({ index: 'gsi1', partitions }, { limit: 20, after: null });
  undo();
  return units;
}

test.each([
  ['a short list', 3, 2],
  ['a page of a long list', 200, 4],
])('%s costs little more in four partitions than in one', async (_what, threads, more) => {
  // The worst of all spreads is among these: all of the page in one partition, in two, in three, or in all.
  for (const shards of [1, 2, 3, 4]) {
    companies += 1;
    const list = Array.from({ length: threads }, (_, index) => {
      const shard = index >= threads - 21 ? index % shards : index % 4;
      return { id: idIn(shard), place: place(index), name: 'x'.repeat(700) };
    });
    await put(companies, list);
    const inFour = await unitsOfPage(keys.assistantThreadsOf(companies));
    companies += 1;
    const [only = ''] = keys.assistantThreadsOf(companies);
    await put(companies, list, () => only);
    const inOne = await unitsOfPage([only]);
    expect(inFour - inOne).toBeLessThanOrEqual(more);
  }
});
