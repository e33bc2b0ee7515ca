import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { type Person, person } from '../../support/people.ts';

const api = await startApi();

const create = (who: Person, query: string, body: object = { assistant_type: 'general' }) =>
  api.send({ path: `/api/v1/chat/threads?company_id=${who.companyId}${query}`, headers: who.bearer, body });
const put = (who: Person, path: string, body: object) =>
  api.send({ method: 'PUT', path: `/api/v1/companies/${who.companyId}/${path}`, headers: who.bearer, body });
const get = (who: Person, path: string) =>
  api.send({ method: 'GET', path: `/api/v1/companies/${who.companyId}/${path}`, headers: who.bearer });

const customer = { descriptive_name: 'Shoes', currency_code: 'EUR', manager: false, is_active: true };
const location = { title: 'Shop', storefront_address: { locality: 'Köln', address_lines: ['Domplatz 1'] } };

describe('an assistant thread', () => {
  test('of the company shows the assistant and is not completed', async () => {
    const who = await person(api);
    const { status, body } = await create(who, '');
    expect(status).toBe(200);
    expect(body).toEqual({
      thread_id: expect.any(String),
      is_completed: false,
      date_added: expect.any(String),
      date_updated: body.date_added,
      name: null,
      description: null,
      extra_data: {},
      google_ads_customer: null,
      google_ads_login_customer_id: null,
      google_business_location: null,
      assistant: {
        id: expect.any(String),
        assistant_type: 'general',
        date_added: expect.any(String),
        date_updated: expect.any(String),
      },
      active_turn: null,
    });
  });

  test('embeds the stored customer and location, and the login customer', async () => {
    const who = await person(api);
    const { body: stored } = await put(who, 'google-ads-customers/9007199254740991', customer);
    const { body: shop } = await put(who, 'google-business-locations/loc%2F1', location);
    const query = '&customer_id=9007199254740991&location_id=loc%2F1&login_customer_id=5';
    const described = {
      assistant_type: 'onboarding',
      name: 'N',
      description: 'D',
      extra_data: { budget: 10 },
    };
    const { body } = await create(who, query, described);
    expect(body).toMatchObject({
      google_ads_customer: stored,
      google_business_location: shop,
      google_ads_login_customer_id: 5,
      name: 'N',
      description: 'D',
      extra_data: { budget: 10 },
      assistant: { assistant_type: 'onboarding' },
    });
    expect(stored).toMatchObject({ id: 9007199254740991, ...customer });
    expect(shop).toEqual({ id: 'loc/1', ...location });
  });

  test('404s for an unknown customer or location and names it', async () => {
    const who = await person(api);
    expect((await create(who, '&customer_id=123')).body).toEqual({
      detail: 'Google Ads customer 123 not found',
    });
    const { status, body } = await create(who, '&location_id=l1');
    expect([status, body]).toEqual([404, { detail: 'Google Business location l1 not found' }]);
  });

  test("403s for a company that is not the caller's, whatever the body asks for", async () => {
    const [who, other] = [await person(api), await person(api)];
    const { status, body } = await create({ ...other, bearer: who.bearer }, '');
    expect([status, body]).toEqual([403, { detail: `Company ${other.companyId} is not yours` }]);
  });

  test('shares one assistant with all threads of its type in the company, also when 20 are made at once', async () => {
    const who = await person(api);
    const made = await Promise.all(Array.from({ length: 20 }, () => create(who, '')));
    expect(made.map(({ status }) => status)).toEqual(made.map(() => 200));
    expect(new Set(made.map(({ body }) => body.assistant.id)).size).toBe(1);
    expect(new Set(made.map(({ body }) => body.thread_id)).size).toBe(20);
    const other = await create(who, '', { assistant_type: 'market_analysis' });
    expect(other.body.assistant.id).not.toBe(made[0]?.body.assistant.id);
  });

  test('is answered again as it was, after what it embeds has changed', async () => {
    const who = await person(api);
    const headers = { ...who.bearer, 'idempotency-key': 'again' };
    await put(who, 'google-ads-customers/1', customer);
    const path = `/api/v1/chat/threads?company_id=${who.companyId}&customer_id=1`;
    const first = await api.send({ path, headers, body: { assistant_type: 'general' } });
    await put(who, 'google-ads-customers/1', { ...customer, descriptive_name: 'Hats' });
    const second = await api.send({ path, headers, body: { assistant_type: 'general' } });
    expect(second.body).toEqual(first.body);
  });

  test('422s a wrong type and says where, as FastAPI would', async () => {
    const { body } = await create(await person(api), '', { assistant_type: 'poet' });
    expect(body).toEqual({
      detail: [{ loc: ['body', 'assistant_type'], msg: expect.stringContaining('onboarding'), type: 'enum' }],
    });
    const missing = await create(await person(api), '', {});
    expect(missing.body.detail[0]).toMatchObject({ loc: ['body', 'assistant_type'], type: 'missing' });
  });
});

describe.each([
  ['google-ads-customers/7', customer, { descriptive_name: 1 }],
  ['google-business-locations/a b', location, { storefront_address: { address_lines: [1] } }],
])('a company’s %s', (path, record, wrong) => {
  test('is stored whole by an administrator and read by everybody of the company', async () => {
    const admin = await person(api);
    const colleague = await person(api, { companyId: admin.companyId, roles: [] });
    expect((await get(colleague, path)).status).toBe(404);
    const { status, body } = await put(admin, path, { ...record, surprise: 1 });
    expect(status).toBe(200);
    expect(body).toMatchObject(record);
    expect(body).not.toHaveProperty('surprise');
    expect((await get(colleague, path)).body).toEqual(body);
    const second = await put(admin, path, {});
    expect(second.body.date_added).toBe(body.date_added);
    expect((await get(colleague, path)).body).toEqual(second.body);
    expect(Object.keys(second.body)).not.toEqual(expect.arrayContaining(Object.keys(record)));
  });

  test('403s for a member to write and for a stranger to read', async () => {
    const member = await person(api, { roles: ['coach'] });
    const stranger = await person(api);
    expect((await put(member, path, record)).body).toEqual({ detail: 'The role admin is required' });
    expect((await get({ ...member, bearer: stranger.bearer }, path)).status).toBe(403);
  });

  test('422s a wrong field and stores nothing', async () => {
    const admin = await person(api);
    expect((await put(admin, path, wrong)).status).toBe(422);
    expect((await get(admin, path)).status).toBe(404);
  });
});

test('a company id in a token may be a number, a text or a list in a text', async () => {
  const sub = randomUUID();
  for (const claims of [
    { company_ids: [42] },
    { company_ids: ['42', '43'] },
    { company_ids: '41, 42' },
    { 'custom:company_ids': '42' },
    { company_ids: 42 },
  ]) {
    const headers = await api.bearer({ sub, ...claims });
    const request = {
      path: '/api/v1/chat/threads?company_id=42',
      headers,
      body: { assistant_type: 'general' },
    };
    expect((await api.send(request)).status).toBe(200);
  }
  const headers = await api.bearer({ sub, company_ids: ['42x', 4.2] });
  const path = '/api/v1/chat/threads?company_id=42';
  expect((await api.send({ path, headers, body: { assistant_type: 'general' } })).status).toBe(403);
});
