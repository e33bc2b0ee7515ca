import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { expireLease, leaveDeadTurn } from '../../support/dead-turn.ts';
import { fails, says } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { held, threadOf } from '../../support/turns.ts';

const LEASE_MS = 2_000;
process.env.TURN_LEASE_MS = String(LEASE_MS);
const api = await startApi();

describe.each(KINDS)('in $name a turn whose function has died', (kind) => {
  test('is settled by whoever looks at it after its lease, and before that is running', async () => {
    const { say, turn, lease, thread } = await threadOf(api, kind);
    const messageId = await say('Q');
    const turnId = await leaveDeadTurn(api.table, thread, {
      messageId,
      expiresAtMs: Date.now() + 60_000,
    });
    expect((await turn(turnId)).body.status).toBe('in_progress');
    await leaveDeadTurn(api.table, thread, { messageId, turnId });
    expect((await turn(turnId)).body).toMatchObject({
      status: 'failed',
      error: { code: 'internal_error', message: 'The assistant could not answer; the message is stored' },
    });
    expect(await lease()).toBeUndefined();
  });

  test('does not stand in the way of the next question', async () => {
    const { say, ask, turn, thread, contents } = await threadOf(api, kind);
    const turnId = await leaveDeadTurn(api.table, thread, { messageId: await say('Q') });
    api.model.script.push(says('A'));
    expect((await ask('Next')).status).toBe(200);
    expect((await turn(turnId)).body.status).toBe('failed');
    expect(await contents()).toEqual(['Q', 'Next', 'A']);
  });

  test('is made again by the same Idempotency-Key, for the message that is stored', async () => {
    const { ask, thread, contents, turn } = await threadOf(api, kind);
    const key = { 'idempotency-key': randomUUID() };
    api.model.script.push(fails(400));
    await ask('Q', key);
    // Its second attempt dies.
    const dying = held('never');
    api.model.script.push(dying.reaction);
    const lost = ask('Q', key);
    await dying.asked;
    const turnId = await expireLease(api, thread);
    api.model.script.push(says('A'));
    const third = await ask('Q', key);
    expect([third.status, third.answer?.content]).toEqual([200, 'A']);
    dying.release();
    expect((await lost).status).toBe(500);
    expect(await contents()).toEqual(['Q', 'A']);
    expect((await turn(turnId)).body.status).toBe('failed');
  });
});

test.concurrent.each(KINDS)('a turn in $name that takes longer than its lease renews it', async (kind) => {
  const { ask } = await threadOf(api, kind);
  const question = randomUUID();
  const slow = held('At last');
  api.model.scripts.set(question, [slow.reaction]);
  const running = ask(question);
  await slow.asked;
  await wait(LEASE_MS * 1.5);
  expect((await ask('Impatient')).status).toBe(409);
  slow.release();
  expect((await running).answer.content).toBe('At last');
});
