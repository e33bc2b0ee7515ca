import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { type Person, person } from '../../support/people.ts';

const api = await startApi();

const create = (who: Person, body: object = {}, query = '') =>
  api.send({
    path: `/api/v1/chat/threads?company_id=${who.companyId}${query}`,
    headers: who.bearer,
    body: { assistant_type: 'general', ...body },
  });
const list = (who: Person, query = '') =>
  api.send({
    method: 'GET',
    path: `/api/v1/chat/threads?company_id=${who.companyId}${query}`,
    headers: who.bearer,
  });
const idsIn = (body: { thread_id: string }[]) => body.map(({ thread_id }) => thread_id);

describe('the list of a company’s threads', () => {
  test('shows each as it was made, but its extra data, newest first', async () => {
    const who = await person(api);
    const put = (path: string, body: object) =>
      api.send({
        method: 'PUT',
        path: `/api/v1/companies/${who.companyId}/${path}`,
        headers: who.bearer,
        body,
      });
    await put('google-ads-customers/7', { descriptive_name: 'Shoes' });
    await put('google-business-locations/shop', { title: 'Shop' });
    const { body: scoped } = await create(
      who,
      { name: 'N', description: 'D', extra_data: { a: 1 } },
      '&customer_id=7&location_id=shop&login_customer_id=5',
    );
    const { body: plain } = await create(who, { assistant_type: 'onboarding' });
    const { status, body } = await list(await person(api, { companyId: who.companyId, roles: [] }));
    expect(status).toBe(200);
    expect(body).toEqual([
      { ...plain, extra_data: undefined, active_turn: undefined },
      { ...scoped, extra_data: undefined, active_turn: undefined },
    ]);
    expect(body[1]).toMatchObject({ description: 'D', google_ads_customer: { id: 7 } });
  });

  test('holds those of one type, in pages; 422s the cursor of another type, user or company', async () => {
    const who = await person(api);
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      made.unshift((await create(who)).body.thread_id);
      await create(who, { assistant_type: 'onboarding' });
    }
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const page = await list(who, `&assistant_type=general&limit=2&cursor=${cursor}`);
      seen.push(...idsIn(page.body));
      cursor = page.headers.get('x-next-cursor');
    } while (cursor);
    expect(seen).toEqual(made);
    expect((await list(who)).body).toHaveLength(10);
    expect((await list(who, '&assistant_type=market_analysis')).body).toEqual([]);

    const next = (await list(who, '&assistant_type=general&limit=2')).headers.get('x-next-cursor');
    const colleague = await person(api, { companyId: who.companyId });
    expect((await list(who, `&assistant_type=general&cursor=${next}`)).status).toBe(200);
    expect((await list(colleague, `&assistant_type=general&cursor=${next}`)).status).toBe(422);
    expect((await list(who, `&cursor=${next}`)).status).toBe(422);
    expect((await list(who, `&assistant_type=onboarding&cursor=${next}`)).status).toBe(422);
    expect((await list(await person(api), `&assistant_type=general&cursor=${next}`)).status).toBe(422);
  });

  test('422s a type that there is not, and 403s another company’s', async () => {
    const who = await person(api);
    const { status, body } = await list(who, '&assistant_type=poet');
    expect([status, body.detail[0].loc]).toEqual([422, ['query', 'assistant_type']]);
    expect((await list({ ...who, companyId: who.companyId + 1 })).status).toBe(403);
  });

  test('of 100 threads with 100 customers and locations shows them all', async () => {
    const who = await person(api);
    const records = Array.from({ length: 100 }, (_, index) => index);
    const put = (path: string) =>
      api.send({
        method: 'PUT',
        path: `/api/v1/companies/${who.companyId}/${path}`,
        headers: who.bearer,
        body: {},
      });
    for (const id of records) {
      await Promise.all([put(`google-ads-customers/${id}`), put(`google-business-locations/${id}`)]);
      await create(who, { description: 'D' }, `&customer_id=${id}&location_id=${id}`);
    }
    const { body } = await list(who, '&limit=100');
    expect(body).toHaveLength(100);
    for (const thread of body)
      expect(thread).toMatchObject({
        description: 'D',
        google_ads_customer: { id: expect.any(Number) },
        google_business_location: { id: expect.any(String) },
      });
  });
});
