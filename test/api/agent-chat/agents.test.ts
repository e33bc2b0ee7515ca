import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { type Person, person } from '../../support/people.ts';

const api = await startApi();

const template_id = randomUUID();
const createAgent = (who: Person, body: object = {}) =>
  api.send({
    path: '/api/v1/agents',
    headers: who.apiKey,
    body: { name: 'Helper', configuration: { tone: 'kind' }, template_id, ...body },
  });
const listAgents = (who: Person, query = '') =>
  api.send({ method: 'GET', path: `/api/v1/agents${query}`, headers: who.apiKey });
const createThread = (who: Person, agentId: string, body: object = {}, headers: object = {}) =>
  api.send({ path: `/api/v1/chat/${agentId}/threads`, headers: { ...who.apiKey, ...headers }, body });

describe('an agent', () => {
  test('is made for the organization of the key', async () => {
    const who = await person(api);
    const { status, body } = await createAgent(who, {
      description: 'd',
      avatar_url: null,
      metadata: { a: 1 },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(String),
      name: 'Helper',
      configuration: { tone: 'kind' },
      template_id,
      organization_id: who.organizationId,
      status: 'active',
      created_at: expect.any(String),
      updated_at: body.created_at,
      description: 'd',
      avatar_url: null,
      metadata: { a: 1 },
      files: [],
      team_id: null,
      completed_flows_count: 0,
      pending_flows_count: 0,
      bot_sub: null,
    });
  });

  test('is edited in what is given alone, its free JSON as a whole, and listed by its new status', async () => {
    const who = await person(api);
    const { body: made } = await createAgent(who, { description: 'd', metadata: { a: 1, b: { c: 2 } } });
    const path = `/api/v1/agents/${made.id}`;
    const patch = (body: object) => api.send({ method: 'PATCH', path, headers: who.apiKey, body });
    const edited = await patch({
      name: 'Other',
      metadata: { b: { d: 3 } },
      configuration: {},
      status: 'archived',
    });
    expect(edited.status).toBe(200);
    expect(edited.body).toEqual({
      ...made,
      name: 'Other',
      metadata: { b: { d: 3 } },
      configuration: {},
      status: 'archived',
      updated_at: expect.any(String),
    });
    expect(Date.parse(edited.body.updated_at)).toBeGreaterThan(Date.parse(made.updated_at));
    expect((await patch({ description: null })).body).toMatchObject({ description: null, name: 'Other' });
    expect((await listAgents(who, '?status=archived')).body).toHaveLength(1);
    expect((await listAgents(who, '?status=active')).body).toEqual([]);
  });

  test('is listed to its organization alone, newest first, by status and in pages', async () => {
    const who = await person(api);
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) made.unshift((await createAgent(who)).body.id);
    const ids = (body: { id: string }[]) => body.map(({ id }) => id);
    expect(ids((await listAgents(who)).body)).toEqual(made);
    expect(ids((await listAgents(who, '?status=active')).body)).toEqual(made);
    expect((await listAgents(who, '?status=archived')).body).toEqual([]);
    expect((await listAgents(await person(api))).body).toEqual([]);
    const first = await listAgents(who, '?limit=3');
    const cursor = first.headers.get('x-next-cursor');
    const second = await listAgents(who, `?limit=3&cursor=${cursor}`);
    expect([...ids(first.body), ...ids(second.body)]).toEqual(made);
    expect(second.headers.get('x-next-cursor')).toBeNull();
    expect((await listAgents(who, `?status=active&cursor=${cursor}`)).status).toBe(422);
    expect((await listAgents(await person(api), `?cursor=${cursor}`)).status).toBe(422);
  });
});

describe('an agent thread', () => {
  test('belongs to organization and user of the key, and starts without messages', async () => {
    const who = await person(api);
    const { body: agent } = await createAgent(who);
    const { status, body } = await createThread(who, agent.id, { title: 'T', metadata: { a: [1] } });
    expect(status).toBe(200);
    expect(body).toEqual({
      id: expect.any(String),
      agent_id: agent.id,
      user_id: who.userId,
      anon_user_id: null,
      organization_id: who.organizationId,
      title: 'T',
      metadata: { a: [1] },
      created_at: expect.any(String),
      updated_at: body.created_at,
      messages: [],
      active_turn: null,
    });
    expect(
      (await createThread(who, agent.id, { title: null, metadata: null, agent_id: null })).body,
    ).toMatchObject({
      title: null,
      metadata: {},
    });
  });

  test('takes an anonymous user from a header, if it is a UUID', async () => {
    const who = await person(api);
    const { body: agent } = await createAgent(who);
    const anon = randomUUID();
    expect(
      (await createThread(who, agent.id, {}, { 'x-anon-user-id': anon.toUpperCase() })).body.anon_user_id,
    ).toBe(anon);
    const key = { 'idempotency-key': 'anon' };
    const first = await createThread(who, agent.id, {}, { 'x-anon-user-id': anon, ...key });
    const again = await createThread(who, agent.id, {}, { 'x-anon-user-id': randomUUID(), ...key });
    expect(again.body).toEqual(first.body);
    const { status, body } = await createThread(who, agent.id, {}, { 'x-anon-user-id': 'me' });
    expect([status, body.detail[0].loc]).toEqual([422, ['header', 'x-anon-user-id']]);
  });

  test('422s another agent in the body than in the path, in either case of its letters', async () => {
    const who = await person(api);
    const { body: agent } = await createAgent(who);
    const { status, body } = await createThread(who, agent.id, { agent_id: randomUUID() });
    expect([status, body.detail[0].loc]).toEqual([422, ['body', 'agent_id']]);
    expect((await createThread(who, agent.id, { agent_id: agent.id.toUpperCase() })).status).toBe(200);
    expect((await createThread(who, agent.id.toUpperCase(), { agent_id: agent.id })).body.agent_id).toBe(
      agent.id,
    );
  });

  test('404s for an agent of another organization', async () => {
    const { body: agent } = await createAgent(await person(api));
    const { status, body } = await createThread(await person(api), agent.id);
    expect([status, body]).toEqual([404, { detail: 'Agent not found' }]);
  });
});

describe('an API key', () => {
  test('opens what its scopes say; admin includes the others', async () => {
    const organization = { organizationId: randomUUID() };
    const reader = await person(api, { ...organization, scopes: ['read'] });
    const writer = await person(api, { ...organization, scopes: ['write'] });
    const admin = await person(api, { ...organization, scopes: ['admin'] });
    expect((await createAgent(reader)).body).toEqual({ detail: 'The API key lacks the scope write' });
    expect((await createAgent(writer)).status).toBe(200);
    expect((await createAgent(admin)).status).toBe(200);
    expect((await listAgents(reader)).body).toHaveLength(2);
    expect((await listAgents(writer)).status).toBe(403);
    expect((await listAgents(admin)).status).toBe(200);
  });

  test('is refused by the gateway when expired, altered or with a wrong checksum', async () => {
    const holder = { organizationId: randomUUID(), userId: randomUUID() };
    const expired = await api.apiKey({ ...holder, expiresAt: Math.floor(Date.now() / 1000) - 1 });
    const lasting = await api.apiKey({ ...holder, expiresAt: Math.floor(Date.now() / 1000) + 60 });
    const key = lasting['x-api-key'];
    const altered = { 'x-api-key': key.slice(0, -1) + (key.endsWith('0') ? '1' : '0') };
    const list = (headers: Record<string, string>) =>
      api.send({ method: 'GET', path: '/api/v1/agents', headers });
    expect((await list(lasting)).status).toBe(200);
    for (const headers of [expired, altered, { 'x-api-key': 'x' }]) {
      const { status, body } = await list(headers);
      expect([status, body]).toEqual([403, { message: 'Forbidden' }]);
    }
    expect((await list({ 'x-api-key': '' })).status).toBe(401);
  });
});
