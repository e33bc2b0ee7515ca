import { afterAll, describe, expect, test } from 'vitest';
import { conversationRef } from '../../../functions/domain/thread-ref.ts';
import * as keys from '../../../functions/store/keys.ts';
import { SCHEMA_VERSION } from '../../../functions/store/stored-item.ts';
import { TITLE_BUNDLE } from '../../../lib/bundle-names.ts';
import { startApi } from '../../support/api.ts';
import { unitsOf } from '../../support/capacity.ts';
import { conversationWith } from '../../support/conversations.ts';
import { ENTITIES, entityOf } from '../../support/entities.ts';
import { messagesFromNow, seedMessages } from '../../support/messages.ts';
import { allItems, sizeOf } from '../../support/table.ts';
import { itemOf } from '../../support/turns.ts';
import { dataPage, type Used, writeData, writtenData } from './data-page.ts';
import { meter, TEXT, uses } from './operations.ts';
import { documented, type Figures, writeCosts } from './table.ts';

const api = await startApi();

/** `npm run costs` writes what is measured instead of comparing it. */
const isWriting = process.env.COSTS === 'write';
const measured: Figures[] = [];
const used: Used[] = [];
afterAll(() => {
  if (!isWriting) return;
  writeCosts(measured);
  writeData(used);
});

/** A page of 20 threads costs little, whatever else grows. */
const LISTS_THREADS = /list-(?:threads|conversations|history|overdue)/u;

describe('no more units than docs/costs.md says are used by', () => {
  test.each(uses)('$name', async (use) => {
    const { used: seen, ...units } = await meter(api, use);
    const figures = { name: use.name, ...units };
    measured.push(figures);
    used.push(...seen);
    if (LISTS_THREADS.test(use.endpoint.operation)) expect(figures.reads).toBeLessThanOrEqual(5);
    if (isWriting) return;
    const { writes, reads } = figures;
    expect({ writes, reads }, 'npm run costs writes what is used now').toEqual(documented(use.name));
  });
});

test('docs/data.md says who reads and writes what', ({ skip }) => {
  skip(isWriting || measured.length < uses.length);
  expect(dataPage(used), 'npm run costs writes what is used now').toBe(writtenData());
});

test('every item of any kind says by which version of the schema it was written', async () => {
  const items = await allItems(api.table);
  expect(items.filter(({ v }) => v !== SCHEMA_VERSION)).toEqual([]);
  if (measured.length < uses.length) return;
  // A lease is gone when its turn has ended, writers rarely meet, and only a deployment with a budget has its items.
  const rare = new Set(['lease', 'slots', 'token budget', 'user token budget']);
  const found = new Set(items.map((item) => entityOf(item as unknown as keys.Key).name));
  expect(ENTITIES.map(({ name }) => name).filter((name) => !found.has(name) && !rare.has(name))).toEqual([]);
});

test('a title by the model is 5 write units and 2 read units', async () => {
  const { ask } = await conversationWith(api);
  await ask(TEXT);
  const event = api.lambda.events.at(-1);
  const units = await unitsOf(api, async () => api.handler(TITLE_BUNDLE)(event?.payload));
  expect(units).toEqual({ writes: 5, reads: 2 });
});

describe('one message of 0.9 KB', () => {
  test.each([10, 10_000])('is appended for 8 write units after %d others', async (others) => {
    const { append, owner, id } = await conversationWith(api);
    const thread = conversationRef(owner, id);
    await seedMessages(
      thread,
      messagesFromNow(others, () => 'hi'),
      api.table,
    );
    const key = { 'idempotency-key': 'k' };
    let messageId = '';
    const units = await unitsOf(api, async () => {
      messageId = (await append({ role: 'user', content: TEXT }, key)).body.message.id;
    });
    expect(units).toEqual({ writes: 8, reads: 0 });
    const appended = await itemOf(api, keys.message(thread, messageId));
    expect(sizeOf(appended ?? {})).toBeGreaterThan(0.85 * 1_024);
    expect(sizeOf(appended ?? {})).toBeLessThanOrEqual(1_024);
  });
});
