import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import { askRef } from '../../../functions/domain/thread-ref.ts';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { askThreadWith } from '../../support/ask-threads.ts';
import { type Person, person } from '../../support/people.ts';

const api = await startApi();
const idsIn = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id);

describe('the list of ask threads', () => {
  test('shows a member their own, newest activity first, as their detail does', async () => {
    const { member, coach, made, ask, reply, list } = await askThreadWith(api);
    const { body: second } = await ask(member, {
      assigned_coach_name: 'Grace',
      assigned_to_user_id: coach.userId,
    });
    await ask(await person(api, { brandId: member.brandId, roles: [] }));
    expect(idsIn((await list(member)).body)).toEqual([second.id, made.body.id]);
    const { body: replied } = await reply(coach, { body: 'Here' });
    const { status, body } = await list(member);
    expect(status).toBe(200);
    const { messages: _, member_user_id: _u, member_name: _n, member_avatar_url: _a, ...summary } = made.body;
    const moved = { ...summary, preview: 'Here', last_message_at: replied.message.created_at };
    expect(body.data[0]).toEqual(moved);
    expect(body.data[1].coach).toEqual({ id: coach.userId, name: 'Grace', avatar_url: null });
    expect(body.next_cursor).toBeNull();
  });

  test('shows staff those of any member, and 403s for a member to see another’s', async () => {
    const { member, coach, id, list } = await askThreadWith(api);
    const query = `?member_user_id=${member.userId}`;
    expect(idsIn((await list(coach, query)).body)).toEqual([id]);
    expect(idsIn((await list(member, query)).body)).toEqual([id]);
    expect((await list(coach)).body.data).toEqual([]);
    const other = await person(api, { brandId: member.brandId, roles: [] });
    const refused = await list(other, query);
    expect([refused.status, refused.body.error]).toEqual([403, 'subject_mismatch']);
    const stranger = await person(api, { roles: ['coach'] });
    expect((await list(stranger, query)).body.data).toEqual([]);
  });

  test('comes in pages, each thread once; 422s the cursor of another caller or member', async () => {
    const { member, coach, id, ask, list } = await askThreadWith(api);
    const made = [id];
    for (let index = 0; index < 4; index += 1) made.unshift((await ask(member)).body.id);
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await list(member, `?limit=2&cursor=${cursor}`);
      seen.push(...idsIn(body));
      cursor = body.next_cursor ?? '';
    } while (cursor);
    expect(seen).toEqual(made);
    const { next_cursor: mine } = (await list(member, '?limit=2')).body;
    const query = `?member_user_id=${member.userId}&cursor=${mine}`;
    expect((await list(member, query)).status).toBe(200);
    expect((await list(coach, query)).status).toBe(422);
    expect((await list(coach, `?member_user_id=${coach.userId}&cursor=${mine}`)).status).toBe(422);
  });
});

describe('last_read_at', () => {
  test('is when the caller looked at the thread before, null until then; reading moves nothing', async () => {
    const { member, coach, id, ask, read, list } = await askThreadWith(api);
    const { body: newer } = await ask(member);
    const lastRead = async (who: Person) =>
      (await list(who, `?member_user_id=${member.userId}`)).body.data.map(
        (each: { last_read_at: string | null }) => each.last_read_at,
      );
    const before = Date.now();
    expect((await read(member)).body.last_read_at).toBeNull();
    const [, first] = await lastRead(member);
    expect(Date.parse(first)).toBeGreaterThanOrEqual(before);
    expect(await lastRead(coach)).toEqual([null, null]);
    const again = await read(member);
    expect(again.body.last_read_at).toBe(first);
    const { body } = await list(member);
    expect(idsIn(body)).toEqual([newer.id, id]);
    expect(body.data[1].last_message_at).toBe(again.body.last_message_at);
    expect(body.data[0].last_read_at).toBeNull();
  });

  test('is not noted for a caller who may not read', async () => {
    const { member, read } = await askThreadWith(api);
    const other = await person(api, { brandId: member.brandId, roles: [] });
    const writes: string[] = [];
    const undo = api.database.intercept(({ operation }) => void writes.push(operation));
    expect((await read(other)).status).toBe(404);
    undo();
    expect(writes).toEqual(['Query']);
  });
});

describe('the list of overdue ask threads', () => {
  const assigned = { assigned_to_user_id: 'coach-1' };
  const threads = (body: { data: { thread_id: string }[] }) => body.data.map(({ thread_id }) => thread_id);

  /** Has a member wait since an earlier time: what a thread of that time has in its head. */
  async function backdate(member: Person, threadId: string, hours: number): Promise<void> {
    const since = newId(Date.now() - hours * 3_600_000);
    const update = new UpdateCommand({
      TableName: api.table.name,
      Key: keys.head(askRef(member, threadId)),
      UpdateExpression: 'SET gsi2sk = :since',
      ExpressionAttributeValues: { ':since': since },
    });
    await api.table.client.send(update);
  }

  test('holds assigned threads whose member waits longer than the hours, longest first', async () => {
    const { member, coach, id, ask, overdue } = await askThreadWith(api, {
      ...assigned,
      assigned_coach_name: 'Grace',
    });
    const { body: longer } = await ask(member, assigned);
    const { body: unassigned } = await ask(member);
    await backdate(member, id, 25);
    await backdate(member, longer.id, 30);
    await backdate(member, unassigned.id, 40);
    const { status, body } = await overdue(coach);
    expect(status).toBe(200);
    expect(threads(body)).toEqual([longer.id, id]);
    expect(body.data[1]).toEqual({
      thread_id: id,
      brand_id: member.brandId,
      member_user_id: member.userId,
      member_name: 'Ada',
      assigned_to_user_id: 'coach-1',
      coach_name: 'Grace',
      last_message_at: expect.any(String),
      hours_waiting: expect.closeTo(25, 1),
    });
    expect(body.data[0].coach_name).toBe('');
    expect(threads((await overdue(coach, '?hours=27.5')).body)).toEqual([longer.id]);
    expect(threads((await overdue(coach, '?hours=1000000000')).body)).toEqual([]);
  });

  test('waiting starts with the first message after the last staff reply', async () => {
    const { member, coach, id, reply, overdue } = await askThreadWith(api, assigned);
    await backdate(member, id, 30);
    await reply(member, { body: 'Hello?' });
    const { body } = await overdue(coach);
    expect(body.data[0].hours_waiting).toBeCloseTo(30, 1);
    expect(Date.parse(body.data[0].last_message_at)).toBeGreaterThan(Date.now() - 60_000);
    await reply(coach);
    expect((await overdue(coach, '?hours=0')).body.data).toEqual([]);
    await reply(coach);
    await reply(member);
    expect(threads((await overdue(coach, '?hours=0')).body)).toEqual([id]);
    expect((await overdue(coach)).body.data).toEqual([]);
  });

  test('comes in pages; 422s the cursor of other hours, and hours that are no number', async () => {
    const { member, coach, id, ask, overdue } = await askThreadWith(api, assigned);
    const { body: second } = await ask(member, assigned);
    const first = await overdue(coach, '?hours=0&limit=1');
    const next = await overdue(coach, `?hours=0&limit=1&cursor=${first.body.next_cursor}`);
    expect([...threads(first.body), ...threads(next.body)]).toEqual([id, second.id]);
    expect(next.body.next_cursor).toBeNull();
    expect((await overdue(coach, `?hours=1&cursor=${first.body.next_cursor}`)).status).toBe(422);
    for (const hours of ['abc', '-1', '1e3', '0x2a', '1.', '.5', '9'.repeat(400)])
      expect((await overdue(coach, `?hours=${hours}`)).status, hours).toBe(422);
  });

  test('403s for a member', async () => {
    const { member, overdue } = await askThreadWith(api);
    const refused = await overdue(member);
    expect([refused.status, refused.body.error]).toEqual([403, 'forbidden']);
  });
});
