import { describe, expect, test } from 'vitest';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { person } from '../../support/people.ts';

const api = await startApi();

describe.each(['', ' ', ' \n\t', '\u00a0\u3000'])('a title of white space, %j, is none', (title) => {
  test('for a new conversation', async () => {
    const { bearer: headers } = await person(api);
    const { status, body } = await api.send({ path: '/v1/conversations', headers, body: { title } });
    expect([status, body.title]).toEqual([201, null]);
  });

  test('for an edited conversation', async () => {
    const { owner, id } = await conversationWith(api);
    const path = `/v1/conversations/${id}`;
    const edit = (body: object) => api.send({ method: 'PATCH', path, headers: owner.bearer, body });
    expect((await edit({ title: ' Kept exactly ' })).body.title).toBe(' Kept exactly ');
    const { status, body } = await edit({ title });
    expect([status, body.title]).toEqual([200, null]);
  });

  test('for a new thread with an agent', async () => {
    const { read } = await agentThreadWith(api, { create: { title } });
    expect((await read()).body.title).toBeNull();
  });
});
