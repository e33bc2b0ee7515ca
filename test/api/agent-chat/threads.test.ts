import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../../functions/domain/message.ts';
import { agentRef } from '../../../functions/domain/thread-ref.ts';
import { startApi } from '../../support/api.ts';
import { messagesFromNow, seedMessages } from '../../support/messages.ts';
import { type Person, person } from '../../support/people.ts';

const api = await startApi();

const createAgent = async (who: Person): Promise<string> => {
  const body = { name: 'Helper', configuration: {}, template_id: randomUUID() };
  return (await api.send({ path: '/api/v1/agents', headers: who.apiKey, body })).body.id;
};
const createThread = async (who: Person, agentId: string, body: object = {}) =>
  (await api.send({ path: `/api/v1/chat/${agentId}/threads`, headers: who.apiKey, body })).body;
const get = (who: Person, path: string) =>
  api.send({ method: 'GET', path: `/api/v1/chat/${path}`, headers: who.apiKey });
const idsIn = (body: { id: string }[]) => body.map(({ id }) => id);

/** Has something said in a thread: `count` messages. */
async function say(who: Person, threadId: string, count: number): Promise<Message[]> {
  const messages = messagesFromNow(count, (index) => `message ${index}`);
  await seedMessages(agentRef(who, threadId), messages, api.table);
  return messages;
}

describe('an agent’s thread', () => {
  test('shows its newest 100 messages, oldest first, and its metadata', async () => {
    const who = await person(api);
    const agentId = await createAgent(who);
    const made = await createThread(who, agentId, { title: 'T', metadata: { deep: [1] } });
    const path = `${agentId}/threads/${made.id}`;
    expect((await get(who, path)).body).toEqual(made);
    const messages = await say(who, made.id, 103);
    const { status, body } = await get(who, path);
    expect(status).toBe(200);
    expect(idsIn(body.messages)).toEqual(messages.slice(-100).map(({ id }) => id));
    expect(body.metadata).toEqual({ deep: [1] });
    expect(body.updated_at).toBe(body.messages[99].created_at);
    expect(body.messages[0]).toEqual({
      id: messages[3]?.id,
      thread_id: made.id,
      content: 'message 3',
      content_html: null,
      role: 'user',
      tool_calls: null,
      attachments: null,
      metadata: {},
      created_at: expect.any(String),
      feedback: null,
    });
  });

  test('404s under another agent of the organization, and for another organization', async () => {
    const who = await person(api);
    const [agentId, other] = [await createAgent(who), await createAgent(who)];
    const { id } = await createThread(who, agentId);
    expect((await get(who, `${other}/threads/${id}`)).body).toEqual({ detail: 'Thread not found' });
    expect((await get(await person(api), `${agentId}/threads/${id}`)).status).toBe(404);
    const colleague = await person(api, { organizationId: who.organizationId });
    expect((await get(colleague, `${agentId}/threads/${id}`)).status).toBe(200);
  });
});

describe('the lists of threads', () => {
  test('hold those of one agent, or of all, newest activity first, without messages and metadata', async () => {
    const who = await person(api);
    const [agentId, other] = [await createAgent(who), await createAgent(who)];
    const first = await createThread(who, agentId, { title: 'first', metadata: { a: 1 } });
    const second = await createThread(who, other);
    const third = await createThread(who, agentId);
    const [last] = await say(who, first.id, 1);
    const { status, body } = await get(who, `${agentId}/threads`);
    expect(status).toBe(200);
    const { messages: _, active_turn: _turn, ...shown } = first;
    expect(body[0]).toEqual({ ...shown, metadata: null, updated_at: expect.any(String) });
    expect(Date.parse(body[0].updated_at)).toBeGreaterThanOrEqual(Date.parse(shown.updated_at));
    expect(last).toBeDefined();
    expect(idsIn(body)).toEqual([first.id, third.id]);
    const history = (await get(who, 'history')).body;
    expect(history).toEqual({ threads: expect.any(Array), next_cursor: null });
    expect(idsIn(history.threads)).toEqual([first.id, third.id, second.id]);
    expect(idsIn((await get(who, `history?agent_id=${other}`)).body.threads)).toEqual([second.id]);
    expect((await get(await person(api), 'history')).body.threads).toEqual([]);
  });

  test('come in pages; 422s the cursor of another list, agent, user or organization', async () => {
    const who = await person(api);
    const [agentId, other] = [await createAgent(who), await createAgent(who)];
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) made.unshift((await createThread(who, agentId)).id);
    const listed: string[] = [];
    let header: string | null = '';
    do {
      const page = await get(who, `${agentId}/threads?limit=2&cursor=${header}`);
      listed.push(...idsIn(page.body));
      header = page.headers.get('x-next-cursor');
    } while (header);
    expect(listed).toEqual(made);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(who, `history?limit=2&cursor=${cursor}`);
      seen.push(...idsIn(body.threads));
      cursor = body.next_cursor ?? '';
    } while (cursor);
    expect(seen).toEqual(made);

    const { next_cursor: next } = (await get(who, 'history?limit=2')).body;
    const colleague = await person(api, { organizationId: who.organizationId });
    expect((await get(who, `history?cursor=${next}`)).status).toBe(200);
    expect((await get(who, `history?agent_id=${agentId}&cursor=${next}`)).status).toBe(422);
    expect((await get(who, `${agentId}/threads?cursor=${next}`)).status).toBe(422);
    expect((await get(colleague, `history?cursor=${next}`)).status).toBe(422);
    const ofAgent = (await get(who, `${agentId}/threads?limit=2`)).headers.get('x-next-cursor');
    expect((await get(who, `${other}/threads?cursor=${ofAgent}`)).status).toBe(422);
    expect((await get(await person(api), `history?cursor=${next}`)).status).toBe(422);
  });

  test('hold ten, at most 50', async () => {
    const who = await person(api);
    const agentId = await createAgent(who);
    for (let index = 0; index < 11; index += 1) await createThread(who, agentId);
    expect((await get(who, 'history')).body.threads).toHaveLength(10);
    expect((await get(who, 'history?limit=50')).body.threads).toHaveLength(11);
    expect((await get(who, 'history?limit=51')).status).toBe(422);
  });

  test('404s for an agent of another organization', async () => {
    const agentId = await createAgent(await person(api));
    const who = await person(api);
    for (const path of [`history?agent_id=${agentId}`, `${agentId}/threads`])
      expect((await get(who, path)).body).toEqual({ detail: 'Agent not found' });
  });

  test('403s for a key that may not read', async () => {
    const who = await person(api, { scopes: ['write'] });
    expect((await get(who, 'history')).status).toBe(403);
  });
});
