import { randomUUID } from 'node:crypto';
import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { idAfter, newId } from '../../../functions/domain/ids.ts';
import { conversationRef } from '../../../functions/domain/thread-ref.ts';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { person } from '../../support/people.ts';

const api = await startApi();
/** Other texts that decode to the same bytes: base64url leaves spare bits in its last character. */
const sameBytes = (cursor: string) =>
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    .split('')
    .map((last) => cursor.slice(0, -1) + last)
    .filter((each) => {
      const [a, b] = [each, cursor].map((text) => Buffer.from(text, 'base64url').toString('hex'));
      return a === b && each !== cursor;
    });
const contentsOf = (messages: { content: string }[]) => messages.map(({ content }) => content);

describe('append', () => {
  test.each(['user', 'assistant', 'system', 'tool'])(
    'stores a message of the role %s and asks nobody',
    async (role) => {
      const { append } = await conversationWith(api);
      const asked = api.model.asked.length;
      const { status, body } = await append({ role, content: ' kept as it is ' });
      expect(status).toBe(200);
      expect(body).toEqual({
        message: {
          id: expect.any(String),
          conversation_id: expect.any(String),
          role,
          content: ' kept as it is ',
          tool_calls: null,
          token_usage: null,
          metadata: {},
          created_at: expect.any(String),
        },
        assistant_message: null,
      });
      expect(api.model.asked).toHaveLength(asked);
    },
  );

  test('of 25 at the same time loses nothing, doubles nothing and keeps one order', async () => {
    const { append, list } = await conversationWith(api);
    const contents = Array.from({ length: 25 }, (_, index) => `message ${index}`);
    const answers = await Promise.all(contents.map((content) => append({ role: 'user', content })));
    expect(answers.map(({ status }) => status)).toEqual(contents.map(() => 200));
    const { total, messages } = (await list('?limit=100&order=asc')).body;
    expect(total).toBe(25);
    expect(contentsOf(messages).toSorted()).toEqual(contents.toSorted());
    const ids: string[] = messages.map(({ id }: { id: string }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
    const answered: string[] = answers.map(({ body }) => body.message.id);
    expect(answered.toSorted()).toEqual(ids);
  });

  test('goes after the last message also when the clock of its writer was ahead', async () => {
    const { append, list, owner, id } = await conversationWith(api);
    const ahead = newId(Date.now() + 3_600_000);
    const Key = keys.head(conversationRef(owner, id));
    await api.table.client.send(
      new UpdateCommand({
        TableName: api.table.name,
        Key,
        UpdateExpression: 'SET gsi1sk = :ahead',
        ExpressionAttributeValues: { ':ahead': ahead },
      }),
    );
    const [first, second] = [
      await append({ role: 'user', content: '1' }),
      await append({ role: 'user', content: '2' }),
    ];
    expect(first.body.message.id > ahead).toBe(true);
    expect(second.body.message.id > first.body.message.id).toBe(true);
    expect((await list('')).body.messages.map(({ content }: { content: string }) => content)).toEqual([
      '2',
      '1',
    ]);
    expect(idAfter(ahead) > ahead).toBe(true);
  });

  test('shows nothing that only stands among them', async () => {
    const { append, list, owner, id } = await conversationWith(api);
    await append({ role: 'user', content: 'said' });
    const { pk } = keys.head(conversationRef(owner, id));
    const note = { pk, sk: 'NOTE#1', id: '1', role: 'user', text: 'of staff alone' };
    await api.table.client.send(new PutCommand({ TableName: api.table.name, Item: note }));
    for (const query of ['', '?order=asc']) {
      const { body } = await list(query);
      expect(body.messages.map(({ content }: { content: string }) => content)).toEqual(['said']);
    }
  });

  test("404s in another user's conversation of the same brand, and writes nothing there", async () => {
    const { owner, id, list } = await conversationWith(api);
    const other = await person(api, { brandId: owner.brandId });
    const path = `/v1/conversations/${id}/messages`;
    const { status } = await api.send({ path, headers: other.bearer, body: { role: 'user', content: 'hi' } });
    expect(status).toBe(404);
    expect((await list('')).body.total).toBe(0);
  });

  test('404s in a conversation that is not there, also with a key that was used before', async () => {
    const { append, owner } = await conversationWith(api);
    const key = { 'idempotency-key': 'used' };
    await append({ role: 'user', content: 'hi' }, key);
    const path = `/v1/conversations/${randomUUID()}/messages`;
    const body = { role: 'user', content: 'hi' };
    expect((await api.send({ path, headers: { ...owner.bearer, ...key }, body })).status).toBe(404);
  });

  test('moves the conversation to the top of the list, and reading moves nothing', async () => {
    const { owner, append, id } = await conversationWith(api);
    const headers = owner.bearer;
    const { body: second } = await api.send({ path: '/v1/conversations', headers, body: {} });
    const listed = async () => {
      const { body } = await api.send({ method: 'GET', path: '/v1/conversations', headers });
      return body.conversations.map((each: { id: string }) => each.id);
    };
    expect(await listed()).toEqual([second.id, id]);
    await api.send({ method: 'GET', path: `/v1/conversations/${id}/messages`, headers });
    expect(await listed()).toEqual([second.id, id]);
    const { body } = await append({ role: 'user', content: 'again' });
    expect(await listed()).toEqual([id, second.id]);
    const { body: list } = await api.send({ method: 'GET', path: '/v1/conversations', headers });
    expect(list.conversations[0].last_active_at).toBe(body.message.created_at);
    expect(list.total).toBe(2);
  });
});

describe('the history', () => {
  test('comes in pages, newest first or oldest first, each message once', async () => {
    const { append, list } = await conversationWith(api);
    for (let index = 0; index < 7; index += 1) await append({ role: 'user', content: String(index) });
    for (const order of ['asc', 'desc']) {
      const seen: string[] = [];
      let cursor = '';
      do {
        const { body } = await list(`?limit=3&order=${order}&cursor=${cursor}`);
        expect(body.total).toBe(7);
        seen.push(...body.messages.map(({ content }: { content: string }) => content));
        cursor = body.next_cursor ?? '';
      } while (cursor);
      const oldestFirst = ['0', '1', '2', '3', '4', '5', '6'];
      expect(seen).toEqual(order === 'asc' ? oldestFirst : oldestFirst.toReversed());
    }
  });

  test('has no further page when the last one is just full', async () => {
    const { append, list } = await conversationWith(api);
    for (let index = 0; index < 3; index += 1) await append({ role: 'user', content: String(index) });
    expect((await list('?limit=3')).body.next_cursor).toBeNull();
    expect((await list('?limit=3&order=asc')).body.next_cursor).toBeNull();
  });

  test('422s a cursor that was tampered with, of another order, thread or caller', async () => {
    const { append, list } = await conversationWith(api);
    for (let index = 0; index < 3; index += 1) await append({ role: 'user', content: String(index) });
    const cursor: string = (await list('?limit=1')).body.next_cursor;
    expect(sameBytes(cursor).length).toBeGreaterThan(0);
    const tampered = cursor.slice(0, -2) + (cursor.endsWith('AA') ? 'BB' : 'AA');
    expect((await list(`?limit=1&cursor=${cursor}`)).status).toBe(200);
    expect((await list(`?limit=1&cursor=${tampered}`)).status).toBe(422);
    for (const wrong of [
      'nonsense',
      `${cursor}!!`,
      `${cursor}=`,
      `%20${cursor}`,
      `${cursor}A`,
      ...sameBytes(cursor),
    ]) {
      expect((await list(`?limit=1&cursor=${wrong}`)).status, wrong).toBe(422);
    }
    expect((await list(`?limit=1&order=asc&cursor=${cursor}`)).status).toBe(422);
    expect((await (await conversationWith(api)).list(`?cursor=${cursor}`)).status).toBe(422);
  });

  test('ends a page early at 3 MB, with a cursor that loses nothing', async () => {
    const { append, list } = await conversationWith(api);
    const content = 'x'.repeat(256 * 1024);
    for (let index = 0; index < 15; index += 1) await append({ role: 'user', content });
    const first = await list('?limit=100');
    expect(first.text.length).toBeLessThan(3.2 * 1024 * 1024);
    expect(first.body.messages.length).toBeGreaterThan(8);
    const second = await list(`?limit=100&cursor=${first.body.next_cursor}`);
    expect(first.body.messages.length + second.body.messages.length).toBe(15);
    expect(second.body.next_cursor).toBeNull();
  });

  test.each(['0', '101'])('422s a limit of %s', async (limit) => {
    const { list } = await conversationWith(api);
    expect((await list(`?limit=${limit}`)).status).toBe(422);
  });
});

describe('a conversation', () => {
  test('names a model that the deployment allows, its default if none', async () => {
    const { bearer: headers } = await person(api);
    const create = (body: unknown) => api.send({ path: '/v1/conversations', headers, body });
    expect((await create({})).body).toMatchObject({ model: 'claude-sonnet-5-5', title: null, context: {} });
    expect((await create({ model: 'claude-haiku-5-5', title: 'T' })).body).toMatchObject({
      model: 'claude-haiku-5-5',
      title: 'T',
    });
    const refused = await create({ model: 'gpt-9' });
    expect([refused.status, refused.body.error]).toEqual([422, 'validation_error']);
  });

  test('403s without a brand in the token, but a wrong model is told first', async () => {
    const headers = await api.bearer({ sub: randomUUID() });
    const create = (body: unknown) => api.send({ path: '/v1/conversations', headers, body });
    expect((await create({})).body.error).toBe('missing_brand_context');
    expect((await create({ model: 'gpt-9' })).status).toBe(422);
  });

  test('is listed in pages, each once', async () => {
    const { bearer: headers } = await person(api);
    const made: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      const { body } = await api.send({ path: '/v1/conversations', headers, body: {} });
      made.unshift(body.id);
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const path = `/v1/conversations?limit=2&cursor=${cursor}`;
      const { body } = await api.send({ method: 'GET', path, headers });
      expect(body.total).toBe(5);
      seen.push(...body.conversations.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor ?? '';
    } while (cursor);
    expect(seen).toEqual(made);
  });
});
