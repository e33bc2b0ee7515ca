import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { askThreadWith } from '../../support/ask-threads.ts';
import { person } from '../../support/people.ts';

const api = await startApi();

interface Message {
  readonly id: string;
  readonly author_role: string;
  readonly body: string;
}

describe('a reply', () => {
  test('of the member and of staff is recorded in their roles, and moves preview and activity', async () => {
    const { member, coach, id, reply, read } = await askThreadWith(api);
    const avatar = 'https://example.com/grace.png';
    const body = { author_user_id: coach.userId, author_name: 'Grace', author_avatar_url: avatar };
    const { status, body: answer } = await reply(coach, { ...body, body: 'Two\nlitres' });
    expect(status).toBe(200);
    expect(answer).toEqual({
      thread_id: id,
      message: {
        id: expect.any(String),
        thread_id: id,
        author_user_id: coach.userId,
        author_role: 'coach',
        author_name: 'Grace',
        author_avatar_url: avatar,
        body: 'Two\nlitres',
        created_at: expect.any(String),
      },
    });
    const { body: thanks } = await reply(member, { author_name: 'Ada', body: 'Thanks' });
    expect(thanks.message.author_role).toBe('member');
    const { body: thread } = await read(member);
    expect(thread).toMatchObject({ preview: 'Thanks', last_message_at: thanks.message.created_at });
    const messages: Message[] = thread.messages;
    expect(messages.map((each) => [each.author_role, each.body])).toEqual([
      ['member', 'A question'],
      ['coach', 'Two\nlitres'],
      ['member', 'Thanks'],
    ]);
  });

  test('of staff in their own thread is the member’s', async () => {
    const coach = await person(api, { roles: ['coach'] });
    const { ask } = await askThreadWith(api);
    const { body: made } = await ask(coach);
    const path = `/v1/ask/threads/${made.id}/replies`;
    const body = { author_name: 'Grace', body: 'And another thing' };
    const { body: answer } = await api.send({ path, headers: coach.bearer, body });
    expect(answer.message.author_role).toBe('member');
  });

  test('404s for another member of the brand, and is not written', async () => {
    const { member, reply, read } = await askThreadWith(api);
    const other = await person(api, { brandId: member.brandId, roles: [] });
    expect((await reply(other)).status).toBe(404);
    expect((await read(member)).body.messages).toHaveLength(1);
  });

  test('403s in the name of somebody else, before it is known whether the thread is there', async () => {
    const { coach, reply, member } = await askThreadWith(api);
    const refused = await reply(coach, { author_user_id: member.userId });
    expect([refused.status, refused.body.error]).toEqual([403, 'subject_mismatch']);
    const path = `/v1/ask/threads/${randomUUID()}/replies`;
    const body = { author_name: 'G', body: 'b', author_user_id: member.userId };
    expect((await api.send({ path, headers: coach.bearer, body })).status).toBe(403);
  });

  test('of 20 at the same time, from both sides, loses nothing and keeps one order', async () => {
    const { member, coach, reply, read } = await askThreadWith(api);
    const bodies = Array.from({ length: 20 }, (_, index) => `reply ${index}`);
    const answers = await Promise.all(
      bodies.map((body, index) => reply(index % 2 ? member : coach, { body })),
    );
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    const messages: Message[] = (await read(member)).body.messages;
    expect(
      messages
        .slice(1)
        .map(({ body }) => body)
        .toSorted(),
    ).toEqual(bodies.toSorted());
    const ids = messages.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });
});

test('a thread of more than 100 messages shows the newest 100, oldest first', async () => {
  const { coach, reply, read } = await askThreadWith(api);
  for (let index = 0; index < 102; index += 1) await reply(coach, { body: String(index) });
  const messages: Message[] = (await read(coach)).body.messages;
  expect(messages.map(({ body }) => body)).toEqual(
    Array.from({ length: 100 }, (_, index) => String(index + 2)),
  );
});
