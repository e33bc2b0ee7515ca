import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { person } from '../../support/people.ts';
import { allItems, sizeOf } from '../../support/table.ts';

const api = await startApi();
const path = '/v1/ask/threads';
const question = { member_name: 'Ada', body: 'How much water\nshould I drink?' };

describe('a new ask thread', () => {
  test('is the member’s own, with the first message in it', async () => {
    const member = await person(api, { roles: [] });
    const { status, body } = await api.send({
      path,
      headers: member.bearer,
      body: { ...question, member_avatar_url: 'https://example.com/ada.png' },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      channel_type: 'ask',
      preview: 'How much water should I drink?',
      last_message_at: body.messages[0].created_at,
      last_read_at: null,
      triage_status: 'new',
      assigned_to_user_id: null,
      coach: null,
      member_user_id: member.userId,
      member_name: 'Ada',
      member_avatar_url: 'https://example.com/ada.png',
      messages: [
        {
          id: expect.any(String),
          thread_id: body.id,
          author_user_id: member.userId,
          author_role: 'member',
          author_name: 'Ada',
          author_avatar_url: 'https://example.com/ada.png',
          body: question.body,
          created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/u),
        },
      ],
    });
  });

  test('shows a coach once the name is known, with or without an id', async () => {
    const { bearer: headers } = await person(api, { roles: [] });
    const named = {
      ...question,
      assigned_coach_name: 'Grace',
      assigned_coach_avatar_url: null,
      triage_status: 'hot',
    };
    const { body } = await api.send({ path, headers, body: named });
    expect(body.coach).toEqual({ id: null, name: 'Grace', avatar_url: null });
    expect(body.triage_status).toBe('hot');
    const assigned = { ...question, assigned_to_user_id: 'coach-1' };
    const { body: unnamed } = await api.send({ path, headers, body: assigned });
    expect([unnamed.coach, unnamed.assigned_to_user_id]).toEqual([null, 'coach-1']);
  });

  test('403s for another member, but not when staff of the brand ask', async () => {
    const body = { ...question, member_user_id: randomUUID() };
    const member = await person(api, { roles: ['nurse'] });
    const refused = await api.send({ path, headers: member.bearer, body });
    expect([refused.status, refused.body.error]).toEqual([403, 'subject_mismatch']);
    for (const role of ['coach', 'admin']) {
      const staff = await person(api, { roles: [role] });
      const made = await api.send({ path, headers: staff.bearer, body });
      expect([made.status, made.body.member_user_id]).toEqual([201, body.member_user_id]);
      expect(made.body.messages[0]).toMatchObject({
        author_role: 'member',
        author_user_id: body.member_user_id,
      });
    }
    const own = await api.send({
      path,
      headers: member.bearer,
      body: { ...body, member_user_id: member.userId },
    });
    expect(own.status).toBe(201);
  });

  test('403s without a brand in the token, after the body has been checked', async () => {
    const headers = await api.bearer({ sub: randomUUID() });
    const refused = await api.send({ path, headers, body: question });
    expect([refused.status, refused.body.error]).toEqual([403, 'missing_brand_context']);
    expect((await api.send({ path, headers, body: {} })).status).toBe(422);
  });
});

describe('an ask thread', () => {
  test('is there for its member and for staff of the brand, and 404 for anybody else', async () => {
    const member = await person(api, { roles: [] });
    const { brandId } = member;
    const { body: made } = await api.send({ path, headers: member.bearer, body: question });
    const get = async (who: { bearer: Readonly<Record<string, string>> }) =>
      api.send({ method: 'GET', path: `${path}/${made.id}`, headers: who.bearer });
    expect((await get(member)).body).toEqual(made);
    expect((await get(await person(api, { brandId, roles: ['coach'] }))).body).toEqual(made);
    expect((await get(await person(api, { brandId, roles: [] }))).status).toBe(404);
    expect((await get(await person(api, { userId: member.userId, roles: ['coach'] }))).status).toBe(404);
  });

  test('has a head under 1 KB, because every message writes it', async () => {
    const { bearer: headers } = await person(api);
    const url = `https://cdn.example.com/avatars/${'a'.repeat(80)}.png`;
    const body = {
      member_name: 'Ada Lovelace-Byron of Nottinghamshire',
      member_avatar_url: url,
      body: 'x'.repeat(1_000),
      assigned_to_user_id: randomUUID(),
      assigned_coach_name: 'Grace Brewster Murray Hopper',
      assigned_coach_avatar_url: url,
    };
    const { body: made } = await api.send({ path, headers, body });
    const head = (await allItems(api.table)).find((item) => item.sk === 'THREAD' && item.id === made.id);
    expect(sizeOf(head ?? {})).toBeLessThan(1_024);
  });
});
