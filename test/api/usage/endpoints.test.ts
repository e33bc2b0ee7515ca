import { randomUUID } from 'node:crypto';
import type { Context as LambdaContext } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import { NO_SPENDING } from '../../../functions/domain/spending.ts';
import { type ThreadRef, tenantOf } from '../../../functions/domain/thread-ref.ts';
import { contextOf } from '../../../functions/http/context.ts';
import * as keys from '../../../functions/store/keys.ts';
import { transact } from '../../../functions/store/transact.ts';
import { usageWrites } from '../../../functions/store/usage.ts';
import { startApi } from '../../support/api.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { type Person, person } from '../../support/people.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { itemOf, threadOf } from '../../support/turns.ts';
import { USAGE, usageOf } from '../../support/usage.ts';

const api = await startApi();
const context = contextOf({ getRemainingTimeInMillis: () => 60_000 } as LambdaContext, {}); // all that is read of it
const DAY_MS = 24 * 60 * 60 * 1_000;
const dayBefore = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
const TODAY = dayBefore(0);
const KIND_NAMES = Object.keys(USAGE) as (keyof typeof USAGE)[]; // it has no others

const get = (owner: Person, kind: keyof typeof USAGE, days: object = {}) => {
  const { path, headers } = USAGE[kind](owner);
  const url = new URL(path, api.url);
  for (const [name, value] of Object.entries(days)) url.searchParams.set(name, String(value));
  return api.send({ method: 'GET', path: url.pathname + url.search, headers });
};

describe.each(KINDS)('the usage of the tenant of $name', (kind) => {
  test('has its answers by day and model, and nobody else’s', async () => {
    const { ask, owner, thread } = await threadOf(api, kind);
    const usage = { input_tokens: 100, cache_read_input_tokens: 40, cache_creation_input_tokens: 20 };
    const output = { output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } };
    for (const question of [randomUUID(), randomUUID()]) {
      const said = [start(usage), opened, piece('42.'), ...stopped('end_turn', output), 'end'];
      api.model.scripts.set(question, [streams(...said)]);
      await ask(question);
    }
    expect(await usageOf(api, tenantOf(thread).kind, owner)).toEqual([
      {
        day: TODAY,
        model: 'claude-sonnet-5-5',
        answers: 2,
        titles: 0,
        prompt_tokens: 320,
        completion_tokens: 18,
        thinking_tokens: 8,
        cache_read_tokens: 80,
        cache_write_tokens: 40,
        cost_usd: '0.000688',
      },
    ]);
    expect(await usageOf(api, tenantOf(thread).kind, await person(api))).toEqual([]);
  });

  test('is there from one day to another, both included, and for 400 days', async () => {
    const { owner, thread } = await threadOf(api, kind);
    const shown = tenantOf(thread).kind;
    for (const days of [0, 1, 29, 30, 92, 399, 401]) await use(thread, days);
    const daysOf = async (asked: object) => {
      const { body } = await get(owner, shown, asked);
      return (body.data ?? body).map(({ day }: { day: string }) => day) as string[];
    };
    expect(await daysOf({})).toEqual([dayBefore(29), dayBefore(1), TODAY]);
    expect(await daysOf({ to: dayBefore(1) })).toEqual([dayBefore(30), dayBefore(29), dayBefore(1)]);
    expect(await daysOf({ from: dayBefore(30) })).toEqual([dayBefore(30), dayBefore(29), dayBefore(1)]);
    expect(await daysOf({ from: dayBefore(92), to: TODAY })).toHaveLength(5);
    expect(await daysOf({ from: dayBefore(410), to: dayBefore(390) })).toEqual([dayBefore(399)]);
  });
});

/** Counts an answer of so many days ago. */
async function use(thread: ThreadRef, days: number): Promise<void> {
  const id = newId(Date.now() - days * DAY_MS);
  const after = { ...NO_SPENDING, model: 'm', promptTokens: 7, costNanos: null };
  await transact(usageWrites(thread, { id, of: 'answers', before: null, after }), context);
}

test.each(KIND_NAMES)(
  'of %s refuses days that are none, in the wrong order or too many, each in its place',
  async (kind) => {
    const owner = await person(api);
    const refused = [
      [{ from: 'yesterday' }, 'from'],
      [{ from: '2026-02-30' }, 'from'],
      [{ to: '2026-13-01' }, 'to'],
      [{ to: '9026-01-01' }, 'to'],
      [{ from: '2026-02-02', to: '2026-02-01' }, 'to'],
      [{ from: '2026-01-01', to: '2026-04-04' }, 'to'],
    ] as const;
    for (const [days, place] of refused) {
      const { status, text } = await get(owner, kind, days);
      expect([days, status, text.includes(place)]).toEqual([days, 422, true]);
    }
    const { status } = await get(owner, kind, { from: '2026-01-01', to: '2026-04-03' });
    expect(status).toBe(200);
    for (const days of [{ from: '2999-12-31' }, { to: '2000-01-01' }])
      expect((await get(owner, kind, days)).status).toBe(200);
  },
);

describe('who may see', () => {
  test.each([
    ['a member', { roles: [] }],
    ['a coach', { roles: ['coach'] }],
  ])('the usage of a brand: not %s', async (_who, traits) => {
    const { status, body } = await get(await person(api, traits), 'BRAND');
    expect([status, body.error]).toEqual([403, 'forbidden']);
  });

  test('the usage of a brand: nobody whose token names none', async () => {
    const bearer = await api.bearer({ sub: randomUUID(), roles: ['admin'] });
    const { status, body } = await api.send({ method: 'GET', path: '/v1/usage', headers: bearer });
    expect([status, body.error]).toEqual([403, 'missing_brand_context']);
  });

  test('the usage of a company: its members, and nobody else', async () => {
    const owner = await person(api, { roles: [] });
    expect((await get(owner, 'COMPANY')).status).toBe(200);
    const { status, body } = await get(owner, 'COMPANY', { company_id: owner.companyId + 1 });
    expect([status, typeof body.detail]).toEqual([403, 'string']);
  });

  test('the usage of an organization: keys with the scope admin', async () => {
    const { status, body } = await get(await person(api, { scopes: ['read', 'write'] }), 'ORGANIZATION');
    expect([status, typeof body.detail]).toEqual([403, 'string']);
    expect((await get(await person(api, { scopes: ['admin'] }), 'ORGANIZATION')).status).toBe(200);
  });
});

test('a day’s counters say their version and when they are past, and are spread over eight partitions', async () => {
  const { thread } = await threadOf(api);
  const ids = Array.from({ length: 64 }, () => newId(Date.now()));
  const places = ids.map((id) => keys.dayUsage(tenantOf(thread), { id, day: TODAY, model: 'm' }));
  expect(new Set(places.map(({ pk }) => pk)).size).toBe(8);
  const id = newId(Date.now());
  const after = { ...NO_SPENDING, model: 'm', promptTokens: 7, costNanos: 5 };
  await transact(usageWrites(thread, { id, of: 'titles', before: null, after }), context);
  const item = await itemOf(api, keys.dayUsage(tenantOf(thread), { id, day: TODAY, model: 'm' }));
  expect(item).toMatchObject({ v: 1, titles: 1, promptTokens: 7, costNanos: 5 });
  expect(item?.expires_at).toBe(Date.parse(TODAY) / 1_000 + 400 * 24 * 60 * 60);
});
