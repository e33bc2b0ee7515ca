import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { conversationRef } from '../../../functions/domain/thread-ref.ts';
import { readPage } from '../../../functions/store/message-pages.ts';
import { putMessage } from '../../../functions/store/messages.ts';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { messagesFromNow, seedMessages } from '../../support/messages.ts';

const api = await startApi();
type Conversation = Awaited<ReturnType<typeof conversationWith>>;

const partitionOf = ({ owner, id }: Conversation) => conversationRef(owner, id);

/** A conversation with so many messages of some length. */
async function conversationOf(count: number, textLength = 20) {
  const conversation = await conversationWith(api);
  const messages = messagesFromNow(count, (index) => String(index).padEnd(textLength, '.'));
  await seedMessages(partitionOf(conversation), messages, api.table);
  return { ...conversation, ids: messages.map(({ id }) => id) };
}

/** The ids on every page, in the order in which they come. */
async function pages({ list }: Pick<Conversation, 'list'>, query: string): Promise<string[][]> {
  const seen: string[][] = [];
  let cursor = '';
  do {
    const { status, body } = await list(`${query}&cursor=${cursor}`);
    expect(status).toBe(200);
    seen.push(body.messages.map(({ id }: { id: string }) => id));
    cursor = body.next_cursor ?? '';
  } while (cursor);
  return seen;
}

/** What the read of a request costs, in read units. */
async function readUnits(request: () => Promise<unknown>): Promise<number> {
  let used = 0;
  const undo = api.database.meter(({ units }) => (used += units));
  await request();
  undo();
  return used;
}

describe('a thread of 10,000 messages', () => {
  test('comes whole and in order from either end, page by full page, and costs what a short one costs', async () => {
    const long = await conversationOf(10_000, 120);
    const short = await conversationOf(100, 120);
    for (const order of ['asc', 'desc']) {
      const seen = await pages(long, `?limit=100&order=${order}`);
      expect(seen.map(({ length }) => length)).toEqual(Array.from({ length: 100 }, () => 100));
      expect(seen.flat()).toEqual(order === 'asc' ? long.ids : long.ids.toReversed());
    }
    const costs = [await readUnits(() => long.list('')), await readUnits(() => short.list(''))];
    expect(costs[0]).toBe(costs[1]);
    expect(costs[0]).toBeLessThanOrEqual(2.5);
    const older = (await long.list('?limit=100')).body.next_cursor;
    // Only the newest come with the head in one query.
    expect(await readUnits(() => long.list(`?cursor=${older}`))).toBeLessThanOrEqual((costs[0] ?? 0) + 1);
  });
});

describe('while 8 writers append', () => {
  const WRITERS = 8;
  const EACH = 20;

  function appendAll({ append }: Pick<Conversation, 'append'>): Promise<string[]> {
    const write = async () => {
      const ids: string[] = [];
      for (let index = 0; index < EACH; index += 1)
        ids.push((await append({ role: 'user', content: 'more' })).body.message.id);
      return ids;
    };
    return Promise.all(Array.from({ length: WRITERS }, write)).then((each) => each.flat());
  }

  test.each(['asc', 'desc'])('pages in order=%s hold each message that was there once', async (order) => {
    const conversation = await conversationOf(500);
    const [seen, added] = await Promise.all([
      pages(conversation, `?limit=20&order=${order}`),
      appendAll(conversation),
    ]);
    const ids = seen.flat();
    const sorted = ids.toSorted();
    expect(ids).toEqual(order === 'asc' ? sorted : sorted.toReversed());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !added.includes(id)).toSorted()).toEqual(conversation.ids);
    // What came while it paged is there without gaps: what it saw is one piece of the order.
    const all = [...conversation.ids, ...added].toSorted();
    const start = all.indexOf(sorted[0] ?? '');
    expect(all.slice(start, start + ids.length)).toEqual(sorted);
  });

  test('a reader who asks for what comes after its last misses nothing', async () => {
    const conversation = await conversationWith(api);
    const thread = partitionOf(conversation);
    const seen: string[] = [];
    let isOver = false;
    const tail = async () => {
      for (let isLast = false; !isLast; ) {
        isLast = isOver; // one more look after the last append
        const after = seen.at(-1) ?? null;
        const page = await readPage(thread, { order: 'asc', after, limit: 7 });
        seen.push(...(page?.messages ?? []).map(({ id }) => id));
        if (page?.hasMore) isLast = false;
        else expect(seen).toHaveLength(Number(page?.head.messageCount));
      }
    };
    const [added] = await Promise.all([appendAll(conversation).finally(() => (isOver = true)), tail()]);
    expect(seen).toEqual(added.toSorted());
  });
});

test('what is beyond the head that was read waits for the next look, and nothing before it is passed over', async () => {
  const conversation = await conversationOf(3);
  const thread = partitionOf(conversation);
  const newer = messagesFromNow(2, () => 'newer');
  const [, later] = newer.map((message) => putMessage(thread, message).Put?.Item);
  // As a query sees it that has gone past the first of them: only the second is visible, and the head is the old one.
  await api.table.client.send(new PutCommand({ TableName: api.table.name, Item: later }));
  expect((await pages(conversation, '?order=asc')).flat()).toEqual(conversation.ids);
  await seedMessages(thread, newer, api.table);
  expect((await pages(conversation, '?order=asc')).flat()).toEqual([
    ...conversation.ids,
    ...newer.map(({ id }) => id),
  ]);
});

test('100 messages of 256 KiB come in pages of at most 3 MB, each once', async () => {
  const conversation = await conversationOf(100, 256 * 1024);
  const seen: string[] = [];
  let cursor = '';
  do {
    const { body, text } = await conversation.list(`?limit=100&order=asc&cursor=${cursor}`);
    expect(text.length).toBeLessThanOrEqual(3 * 1024 * 1024);
    if (body.next_cursor) expect(body.messages.length).toBeGreaterThanOrEqual(10);
    seen.push(...body.messages.map(({ id }: { id: string }) => id));
    cursor = body.next_cursor ?? '';
  } while (cursor);
  expect(seen).toEqual(conversation.ids);
});
