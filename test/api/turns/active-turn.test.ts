import { randomUUID } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import * as keys from '../../../functions/store/keys.ts';
import { WORKER_BUNDLE } from '../../../lib/bundle-names.ts';
import { startApi } from '../../support/api.ts';
import { leaveDeadTurn } from '../../support/dead-turn.ts';
import { piece, start } from '../../support/model-events.ts';
import { fails, says } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { held, itemOf, threadOf, unfinished } from '../../support/turns.ts';

const LEASE_MS = 2_000;
process.env.TURN_LEASE_MS = String(LEASE_MS);
const api = await startApi();

/** A turn that began longer ago than a lease lasts. */
const oldId = () => newId(Date.now() - 2 * LEASE_MS);
/** Runs what readers have queued for the function that settles. @returns how much that was */
async function settleQueued(): Promise<number> {
  const queued = api.lambda.events.splice(0).filter(({ name }) => name === WORKER_BUNDLE);
  for (const { name, payload } of queued) await api.handler(name)(payload);
  return queued.length;
}

describe.each(KINDS)('the active turn of $name', (kind) => {
  test('is shown by its own answer while it runs, and at no other time', async () => {
    const { ask, shown, lease, urlOf, cancel } = await threadOf(api, kind);
    expect((await shown()).active_turn).toBeNull();
    const only = held('A');
    api.model.script.push(only.reaction);
    const asking = ask('Q');
    await only.asked;
    const id = String((await lease())?.turnId);
    expect((await shown()).active_turn).toEqual({ id, url: urlOf(id) });
    only.release();
    await asking;
    expect((await shown()).active_turn).toBeNull();

    const endless = unfinished(start({}), piece('B'));
    api.model.script.push(endless.reaction);
    const cancelled = ask('Q');
    await endless.asked;
    await cancel(String((await lease())?.turnId));
    await cancelled;
    expect((await shown()).active_turn).toBeNull();
  });

  test('is the one that is made once more, after a failed one', async () => {
    const { ask, shown, lease } = await threadOf(api, kind);
    const key = { 'idempotency-key': randomUUID() };
    api.model.script.push(fails(400));
    await ask('Q', key);
    expect((await shown()).active_turn).toBeNull();
    const second = held('A');
    api.model.script.push(second.reaction);
    const asking = ask('Q', key);
    await second.asked;
    expect((await shown()).active_turn.id).toBe((await lease())?.turnId);
    second.release();
    await asking;
    expect((await shown()).active_turn).toBeNull();
  });

  test.each(['shown', 'messages'] as const)(
    'is settled by the function that makes answers, where its maker is dead and a reader finds it (%s)',
    async (reading) => {
      const found = await threadOf(api, kind);
      const turnId = oldId();
      const said = [{ text: 'Half an' }];
      await leaveDeadTurn(api.table, found.thread, { messageId: await found.say('Q'), turnId, said });
      await found[reading]();
      expect(await settleQueued()).toBe(1);
      expect((await found.shown()).active_turn).toBeNull();
      expect(await found.contents()).toEqual(['Q', 'Half an']);
      expect((await found.turn(turnId)).body.status).toBe('incomplete');
      expect(await settleQueued()).toBe(0);
    },
  );

  test('is left alone while its lease is renewed, or younger than a lease', async () => {
    const found = await threadOf(api, kind);
    const messageId = await found.say('Q');
    for (const dead of [
      { turnId: oldId(), expiresAtMs: Date.now() + 60_000 },
      { turnId: newId(Date.now()) },
    ]) {
      await leaveDeadTurn(api.table, found.thread, { messageId, ...dead });
      expect((await found.shown()).active_turn.id).toBe(dead.turnId);
      await found.messages();
      expect(await settleQueued()).toBe(0);
    }
  });

  test('does not keep a thread from being read where nobody can be asked to settle it', async () => {
    const found = await threadOf(api, kind);
    await leaveDeadTurn(api.table, found.thread, { messageId: await found.say('Q'), turnId: oldId() });
    api.lambda.queueing.state = 'refusing';
    expect(await found.contents()).toEqual(['Q']);
    api.lambda.queueing.state = 'working';
    expect(api.logged.at(-1)).toContain('"settling_failures":1');
  });
});

/** What a thread may be made of that was restored from backups of different instants. */
const MIXTURES = [
  'a lease without a turn',
  'a lease for a turn that has ended',
  'a running turn without a lease',
  'a running turn whose log is closed',
  'a running turn beside the lease of another',
  'a turn in its head that is nowhere',
] as const;
type Mixture = (typeof MIXTURES)[number];

describe.each(KINDS)('$name that was restored with', (kind) => {
  type Found = Awaited<ReturnType<typeof threadOf>>;

  async function restored(mixture: Mixture): Promise<Found & { turnId: string }> {
    const found = await threadOf(api, kind);
    const { thread } = found;
    const messageId = await found.say('Q');
    const turnId = oldId();
    const put = (more: Partial<Parameters<typeof leaveDeadTurn>[2]>) =>
      leaveDeadTurn(api.table, thread, { messageId, turnId, said: [{ text: 'Half' }], ...more });
    const drop = (key: keys.Key) =>
      api.table.client.send(
        new DeleteCommand({ TableName: api.table.name, Key: { pk: key.pk, sk: key.sk } }),
      );
    await put({
      ...(mixture === 'a running turn whose log is closed' && { isClosed: true }),
      ...(mixture === 'a lease for a turn that has ended' && { status: 'failed' }),
    });
    if (mixture === 'a lease without a turn' || mixture === 'a turn in its head that is nowhere')
      await drop(keys.turn(thread, turnId));
    if (mixture === 'a running turn without a lease' || mixture === 'a turn in its head that is nowhere')
      await drop(keys.lease(thread));
    if (mixture === 'a running turn beside the lease of another') await put({ turnId: newId(Date.now()) });
    return { ...found, turnId };
  }

  describe.each(MIXTURES)('%s', (mixture) => {
    test('answers the next question', async () => {
      const { ask, shown, lease, turn, turnId } = await restored(mixture);
      api.model.script.push(says('A'));
      const asked = await ask('Next');
      expect([asked.status, asked.answer?.content]).toEqual([200, 'A']);
      expect((await shown()).active_turn).toBeNull();
      expect(await lease()).toBeUndefined();
      expect((await turn(turnId)).body.status).not.toBe('in_progress');
    });

    test('answers a question that interrupts', async () => {
      const { interrupt, lease } = await restored(mixture);
      api.model.script.push(says('A'));
      expect((await interrupt('Next')).answer?.content).toBe('A');
      expect(await lease()).toBeUndefined();
    });

    test('ends its turn for whoever cancels it or waits for it', async () => {
      for (const act of ['cancel', 'turn'] as const) {
        const found = await restored(mixture);
        await found[act](found.turnId);
        const { status, body } = await found.turn(found.turnId, { wait: '5' });
        expect(status === 404 ? 'none' : body.status).not.toBe('in_progress');
      }
    });

    test('shows no turn for ever', async () => {
      const { shown, messages } = await restored(mixture);
      for (let reads = 0; reads < 3; reads += 1) {
        await messages();
        await settleQueued();
      }
      const { active_turn: active } = await shown();
      if (mixture !== 'a running turn beside the lease of another') expect(active).toBeNull();
    });
  });
});

test('a settlement that finds its thread gone does nothing', async () => {
  const { thread } = await threadOf(api);
  const gone = { ...thread, id: newId(Date.now()) };
  await api.handler(WORKER_BUNDLE)({ thread: gone, settles: newId(Date.now()) });
  expect(await itemOf(api, keys.head(gone))).toBeUndefined();
});
