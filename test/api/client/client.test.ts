import { parleyClient } from 'parley/client';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { person } from '../../support/people.ts';

const api = await startApi();

describe('the typed client', () => {
  test('asks, replies, lists and pages, with what the compiler knows of each', async () => {
    const { bearer } = await person(api);
    const client = parleyClient(api.url, { headers: bearer });
    const asked = await client('POST /v1/ask/threads', { body: { member_name: 'Ada', body: 'Water?' } });
    if (!asked.ok) throw new Error('It was refused');
    const { id } = asked.body;
    const replied = await client('POST /v1/ask/threads/{thread_id}/replies', {
      path: { thread_id: id },
      headers: { 'idempotency-key': 'once' },
      body: { author_name: 'Ada', body: 'Tea?' },
    });
    expect(replied.ok && replied.body.message.body).toBe('Tea?');
    await client('POST /v1/ask/threads', { body: { member_name: 'Ada', body: 'Milk?' } });
    const first = await client('GET /v1/ask/threads', { query: { limit: 1 } });
    if (!first.ok || first.body.next_cursor === null) throw new Error('There is no second page');
    const second = await client('GET /v1/ask/threads', { query: { cursor: first.body.next_cursor } });
    expect(second.ok && second.body.data.map(({ preview }) => preview)).toEqual(['Tea?']);
  });

  test('tells refusals from successes, in the words of the API', async () => {
    const { bearer } = await person(api);
    const client = parleyClient(api.url, { headers: bearer });
    const missing = await client('GET /v1/conversations/{id}', { path: { id: crypto.randomUUID() } });
    expect([missing.ok, missing.status, missing.body]).toEqual([
      false,
      404,
      { error: 'not_found', message: 'Conversation not found' },
    ]);
    const nobody = await parleyClient(api.url)('GET /v1/conversations');
    expect([nobody.ok, nobody.status]).toEqual([false, 401]);
  });

  test('encodes what paths hold', async () => {
    const who = await person(api);
    const client = parleyClient(api.url, { headers: who.bearer });
    const path = { company_id: who.companyId, location_id: 'a b/ü?' };
    const operation = '/api/v1/companies/{company_id}/google-business-locations/{location_id}';
    const put = await client(`PUT ${operation}`, { path, body: { title: 'Shop' } });
    expect(put.body).toEqual({ id: 'a b/ü?', title: 'Shop' });
    expect((await client(`GET ${operation}`, { path })).body).toEqual(put.body);
  });
});
