import { expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { person } from '../../support/people.ts';

const api = await startApi();

test('a title is edited, cleared, and shown in the list, where the conversation keeps its place', async () => {
  const { owner, id } = await conversationWith(api, { create: { title: 'First' } });
  const { headers } = { headers: owner.bearer };
  const { body: newer } = await api.send({ path: '/v1/conversations', headers, body: {} });
  const patch = (body: object) =>
    api.send({ method: 'PATCH', path: `/v1/conversations/${id}`, headers, body });
  const listed = async () =>
    (await api.send({ method: 'GET', path: '/v1/conversations', headers })).body.conversations;
  const edited = await patch({ title: 'Second' });
  expect([edited.status, edited.body.title]).toEqual([200, 'Second']);
  const shown = await listed();
  expect(shown).toHaveLength(2);
  expect([newer, edited.body]).toMatchObject(shown);
  expect((await patch({})).body.title).toBe('Second');
  expect((await patch({ title: null })).body.title).toBeNull();
  expect((await listed())[1].title).toBeNull();
});

test('one that is cleared is the first words again', async () => {
  const { owner, id, append } = await conversationWith(api, { create: { title: 'Mine' } });
  await append({ role: 'user', content: 'How much water?' });
  await append({ role: 'user', content: 'And tea?' });
  const patch = { method: 'PATCH', path: `/v1/conversations/${id}`, headers: owner.bearer };
  expect((await api.send({ ...patch, body: {} })).body.title).toBe('Mine');
  expect((await api.send({ ...patch, body: { title: null } })).body.title).toBe('How much water?');
});

test('an append moves no version, and an edit no activity', async () => {
  const { owner, id, append } = await conversationWith(api);
  const request = { path: `/v1/conversations/${id}`, headers: owner.bearer };
  const { body } = await append({ role: 'user', content: 'hi' });
  const read = await api.send({ ...request, method: 'GET' });
  expect(read.headers.get('etag')).toBe('"1"');
  expect(read.body.last_active_at).toBe(body.message.created_at);
  const edited = await api.send({ ...request, method: 'PATCH', body: { title: 'T' } });
  expect(edited.body.last_active_at).toBe(body.message.created_at);
  await append({ role: 'user', content: 'more' });
  expect((await api.send({ ...request, method: 'GET' })).headers.get('etag')).toBe('"2"');
});

test('404s on another user’s conversation of the same brand, and edits nothing', async () => {
  const { owner, id } = await conversationWith(api, { create: { title: 'Mine' } });
  const other = await person(api, { brandId: owner.brandId });
  const path = `/v1/conversations/${id}`;
  expect(
    (await api.send({ method: 'PATCH', path, headers: other.bearer, body: { title: 'T' } })).status,
  ).toBe(404);
  expect((await api.send({ method: 'GET', path, headers: owner.bearer })).body.title).toBe('Mine');
});
