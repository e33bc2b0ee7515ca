import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { type Person, person } from '../../support/people.ts';

const api = await startApi();

const send = (who: Person, path: string, method = 'GET', body?: object) =>
  api.send({ method, path: `/api/v1/${path}`, headers: who.bearer, ...(body && { body }) });

describe('an assistant thread', () => {
  test('is shown as it was made, with what it is scoped to now', async () => {
    const who = await person(api);
    const company = `companies/${who.companyId}`;
    await send(who, `${company}/google-ads-customers/7`, 'PUT', { descriptive_name: 'Shoes' });
    const query = `company_id=${who.companyId}`;
    const extra_data = { a: 12345678901234567890n.toString(), deep: [{}] };
    const { body: made } = await send(who, `chat/threads?${query}&customer_id=7`, 'POST', {
      assistant_type: 'general',
      description: 'D',
      extra_data,
    });
    const read = () => send(who, `chat/threads/${made.thread_id}?${query}`);
    expect((await read()).body).toEqual(made);
    const { body: hats } = await send(who, `${company}/google-ads-customers/7`, 'PUT', {
      descriptive_name: 'Hats',
    });
    expect((await read()).body.google_ads_customer).toEqual(hats);
  });

  test('is edited, with a description or without, and keeps its place in the lists', async () => {
    const who = await person(api);
    const query = `company_id=${who.companyId}`;
    const create = () => send(who, `chat/threads?${query}`, 'POST', { assistant_type: 'general', name: 'N' });
    const { body: made } = await create();
    const { body: newer } = await create();
    const path = `chat/threads/${made.thread_id}?${query}`;
    const edited = await send(who, path, 'PATCH', { description: 'D', is_completed: true });
    expect(edited.status).toBe(200);
    expect(edited.body).toMatchObject({ name: 'N', description: 'D', is_completed: true });
    expect(Date.parse(edited.body.date_updated)).toBeGreaterThan(Date.parse(made.date_updated));
    const { extra_data: _, active_turn: _turn, ...shown } = edited.body;
    const listed = (await send(who, `chat/threads?${query}&assistant_type=general`)).body;
    expect(listed[0].thread_id).toBe(newer.thread_id);
    expect(listed[1]).toEqual(shown);
    const cleared = await send(who, path, 'PATCH', { description: null, name: null });
    expect(cleared.body).toMatchObject({ name: null, description: null, is_completed: true });
    expect((await send(who, `chat/threads?${query}`)).body[1]).toMatchObject({ description: null });
  });
});

describe.each([
  ['google-ads-customers', ['1', '10', '2', '9007199254740991']],
  ['google-business-locations', ['a', 'a b/c', 'ü', '%41']],
])('the list of a company’s %s', (path, ids) => {
  test('holds each once, in pages, and 422s another list’s cursor', async () => {
    const who = await person(api);
    const list = (query: string) => send(who, `companies/${who.companyId}/${path}${query}`);
    expect((await list('')).body).toEqual([]);
    for (const id of ids)
      await send(who, `companies/${who.companyId}/${path}/${encodeURIComponent(id)}`, 'PUT', {});
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const page = await list(`?limit=3&cursor=${cursor}`);
      seen.push(...page.body.map((each: { id: unknown }) => String(each.id)));
      cursor = page.headers.get('x-next-cursor');
    } while (cursor);
    expect(seen).toHaveLength(ids.length);
    expect(seen.toSorted()).toEqual(ids.toSorted());
    const next = (await list('?limit=3')).headers.get('x-next-cursor');
    const other = ['google-ads-customers', 'google-business-locations'].find((each) => each !== path);
    expect((await send(who, `companies/${who.companyId}/${other}?cursor=${next}`)).status).toBe(422);
    const colleague = await person(api, { companyId: who.companyId, roles: [] });
    expect((await send(colleague, `companies/${who.companyId}/${path}?cursor=${next}`)).status).toBe(422);
    expect((await send(colleague, `companies/${who.companyId}/${path}`)).body).toHaveLength(ids.length);
  });
});
