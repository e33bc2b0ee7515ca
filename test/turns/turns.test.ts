import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startApi } from '../support/api.ts';
import { expireLease, leaveDeadTurn } from '../support/dead-turn.ts';
import { fails, says } from '../support/scripted-model.ts';
import { held, threadOf } from '../support/turns.ts';

const LEASE_MS = 2_000;
const WAIT_MS = 6_000; // longer than the lease, and than any answer here that is not held back
Object.assign(process.env, { TURN_LEASE_MS: String(LEASE_MS), TURN_WAIT_MS: String(WAIT_MS) });
const api = await startApi();

const thread = () => threadOf(api);

describe('a completion', () => {
  test('tells its turn, which shows question, answer, usage and times', async () => {
    const { ask, id, turn } = await thread();
    const { body } = await ask('Why?');
    const url = `${api.url}/v1/conversations/${id}/turns/${body.turn.id}`;
    expect(body.turn).toEqual({ id: body.turn.id, status: 'completed', url });
    const { status, body: shown } = await turn(body.turn.id);
    expect([status, shown]).toEqual([
      200,
      {
        id: body.turn.id,
        thread_id: id,
        status: 'completed',
        message_id: body.message.id,
        assistant_message: body.assistant_message,
        usage: body.assistant_message.token_usage,
        error: null,
        started_at: expect.stringMatching(/Z$/u) as string,
        ended_at: expect.stringMatching(/Z$/u) as string,
      },
    ]);
    expect(shown.started_at <= shown.ended_at).toBe(true);
  });

  test('that fails leaves a failed turn, in our words, and a thread that is free', async () => {
    const { ask, turn, lease, owner, id } = await thread();
    api.model.script.push(fails(400));
    await ask('Why?', { 'idempotency-key': 'failing' });
    expect(await lease()).toBeUndefined();
    const record = await api.send({
      method: 'GET',
      path: `/v1/conversations/${id}/messages`,
      headers: owner.bearer,
    });
    expect(record.body.total).toBe(1);
    api.model.script.push(says('Because.'));
    const again = await ask('Why?', { 'idempotency-key': 'failing' });
    expect((await turn(again.body.turn.id)).body).toMatchObject({
      status: 'completed',
      message_id: again.body.message.id,
    });
  });
});

describe('one at a time:', () => {
  test('a second completion is a 409 that names the running turn, and stores nothing', async () => {
    const { ask, append, contents, turn, id } = await thread();
    const first = held('Answer');
    api.model.script.push(first.reaction);
    const running = ask('first');
    await first.asked;
    const second = await ask('second');
    expect([second.status, second.body.error]).toEqual([409, 'conflict']);
    const turnId: string = second.body.turn.id;
    expect(second.body.turn).toEqual({
      id: turnId,
      url: `${api.url}/v1/conversations/${id}/turns/${turnId}`,
    });
    expect((await turn(turnId)).body).toMatchObject({
      status: 'in_progress',
      assistant_message: null,
      ended_at: null,
    });
    expect((await append({ role: 'user', content: 'by the way' })).status).toBe(200);
    expect(await contents()).toEqual(['first', 'by the way']);
    const waiting = turn(turnId, '?wait=20');
    first.release();
    expect((await running).status).toBe(200);
    expect((await waiting).body).toMatchObject({
      status: 'completed',
      assistant_message: { content: 'Answer' },
    });
    expect(await contents()).toEqual(['first', 'by the way', 'Answer']);
    expect((await ask('third')).status).toBe(200);
  });

  test('20 completions at once: one is answered, the others are 409s, and the model is asked once', async () => {
    const { ask, contents } = await thread();
    const before = api.model.asked.length;
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const all = Array.from({ length: 20 }, (_, index) => ask(`question ${index}`));
    const refused = await Promise.all(
      all.map((each) => Promise.race([each, only.asked.then(() => wait(1_500))])),
    );
    only.release();
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(19);
    expect(refused.filter(Boolean)).toHaveLength(19);
    expect(api.model.asked.length - before).toBe(1);
    expect(await contents()).toHaveLength(2);
  });

  test('the same Idempotency-Key attaches to its turn instead: the model is asked once', async () => {
    const { ask, contents } = await thread();
    const before = api.model.asked.length;
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const key = { 'idempotency-key': randomUUID() };
    const first = ask('Q', key);
    await only.asked;
    const others = [ask('Q', key), ask('Q', key)];
    await wait(300);
    only.release();
    const answers = await Promise.all([first, ...others]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true', 'true']);
    expect(api.model.asked.length - before).toBe(1);
    expect(await contents()).toEqual(['Q', 'Answer']);
  });
});

describe('a turn whose function has died', () => {
  test('is settled by whoever looks at it after its lease, and before that is running', async () => {
    const { append, turn, lease, threadPk } = await thread();
    const { body } = await append({ role: 'user', content: 'Q' });
    const turnId = await leaveDeadTurn(api.table, threadPk, {
      messageId: body.message.id,
      expiresAtMs: Date.now() + 60_000,
    });
    expect((await turn(turnId)).body.status).toBe('in_progress');
    await leaveDeadTurn(api.table, threadPk, { messageId: body.message.id, turnId });
    expect((await turn(turnId)).body).toMatchObject({
      status: 'failed',
      error: { code: 'internal_error', message: 'The assistant could not answer; the message is stored' },
    });
    expect(await lease()).toBeUndefined();
  });

  test('does not stand in the way of the next question', async () => {
    const { append, ask, turn, threadPk, contents } = await thread();
    const { body } = await append({ role: 'user', content: 'Q' });
    const turnId = await leaveDeadTurn(api.table, threadPk, { messageId: body.message.id });
    api.model.script.push(says('A'));
    expect((await ask('Next')).status).toBe(200);
    expect((await turn(turnId)).body.status).toBe('failed');
    expect(await contents()).toEqual(['Q', 'Next', 'A']);
  });

  test('is made again by the same Idempotency-Key, for the message that is stored', async () => {
    const { ask, threadPk, contents, turn } = await thread();
    const key = { 'idempotency-key': randomUUID() };
    api.model.script.push(fails(400));
    await ask('Q', key);
    // Its second attempt dies.
    const dying = held('never');
    api.model.script.push(dying.reaction);
    const lost = ask('Q', key);
    await dying.asked;
    const turnId = String((await expireLease(api.table, threadPk)).turnId);
    api.model.script.push(says('A'));
    const third = await ask('Q', key);
    expect([third.status, third.body.assistant_message?.content]).toEqual([200, 'A']);
    dying.release();
    expect((await lost).status).toBe(500);
    expect(await contents()).toEqual(['Q', 'A']);
    expect((await turn(turnId)).body.status).toBe('failed');
  });
});

test('a function that wakes up after its turn was settled writes nothing', async () => {
  const { ask, turn, threadPk, contents, lease } = await thread();
  const late = held('Too late');
  api.model.script.push(late.reaction);
  const frozen = ask('Q');
  await late.asked;
  const turnId = String((await expireLease(api.table, threadPk)).turnId);
  expect((await turn(turnId)).body.status).toBe('failed');
  late.release();
  expect((await frozen).status).toBe(500);
  expect(await contents()).toEqual(['Q']);
  expect((await turn(turnId)).body).toMatchObject({ status: 'failed', assistant_message: null });
  expect(await lease()).toBeUndefined();
});

describe('an answer that is made elsewhere', () => {
  test('takes longer than a request can wait: 200 with the running turn, which is found later, by its key too', async () => {
    const { ask, turn, contents } = await thread();
    const slow = held('At last');
    api.model.script.push(slow.reaction);
    const key = { 'idempotency-key': randomUUID() };
    const { status, body, headers } = await ask('Q', key);
    expect([status, body.assistant_message, body.turn.status]).toEqual([200, null, 'in_progress']);
    expect(headers.get('idempotency-replayed')).toBeNull();
    expect(await contents()).toEqual(['Q']);
    slow.release();
    const ended = await turn(body.turn.id, '?wait=20');
    expect(ended.body).toMatchObject({ status: 'completed', assistant_message: { content: 'At last' } });
    const again = await ask('Q', key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toMatchObject({
      message: body.message,
      assistant_message: ended.body.assistant_message,
    });
    expect(await contents()).toEqual(['Q', 'At last']);
  });

  test('is not begun where too many functions run: 429, the turn has failed, the thread is free', async () => {
    const { ask, lease, contents } = await thread();
    const before = api.model.asked.length;
    const key = { 'idempotency-key': randomUUID() };
    api.lambda.faults.push('throttle');
    const refused = await ask('Q', key);
    expect([refused.status, refused.body.error, refused.headers.get('retry-after')]).toEqual([
      429,
      'rate_limited',
      '5',
    ]);
    expect(await lease()).toBeUndefined();
    expect(api.model.asked.length).toBe(before);
    expect((await ask('Q', key)).status).toBe(200);
    expect(await contents()).toHaveLength(2);
  });

  test('dies with its function: 500, the turn has failed, the thread is free', async () => {
    const { ask, lease, contents } = await thread();
    api.lambda.faults.push('crash');
    expect((await ask('Q')).status).toBe(500);
    expect(await lease()).toBeUndefined();
    expect((await ask('Next')).status).toBe(200);
    expect((await contents()).slice(0, 2)).toEqual(['Q', 'Next']);
  });

  test('is made once, however often its function is run', async () => {
    const { ask, contents } = await thread();
    const only = held('Once');
    api.model.script.push(only.reaction);
    const running = ask('Q');
    await only.asked;
    const before = api.model.asked.length;
    await api.handler('make-answer')(api.lambda.jobs.at(-1));
    only.release();
    expect((await running).status).toBe(200);
    await api.handler('make-answer')(api.lambda.jobs.at(-1));
    expect(api.model.asked.length).toBe(before);
    expect(await contents()).toEqual(['Q', 'Once']);
  });
});

test('a turn that takes longer than its lease renews it', async () => {
  const { ask } = await thread();
  const slow = held('At last');
  api.model.script.push(slow.reaction);
  const running = ask('Q');
  await slow.asked;
  await wait(LEASE_MS * 1.5);
  expect((await ask('Impatient')).status).toBe(409);
  slow.release();
  expect((await running).body.assistant_message.content).toBe('At last');
});
