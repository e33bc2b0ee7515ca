import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startApi } from '../support/api.ts';
import { conversationWith } from '../support/conversations.ts';
import { opened, piece, start, stopped, streams } from '../support/model-events.ts';
import { workerInProcesses } from '../support/run-function.ts';
import { isAlive, stateOf } from '../support/started.ts';

const LEASE_MS = 2_000;
process.env.TURN_LEASE_MS = String(LEASE_MS);
const workers: number[] = [];
const api = await startApi({ run: workerInProcesses(workers) });

/** An answer that takes about 300 ms. */
const slowly = () =>
  streams(
    start(),
    opened,
    ...['One, ', 'two, ', 'three.'].flatMap((text) => [100, piece(text)]),
    ...stopped('end_turn'),
    'end',
  );

/** Workers that are at work: the others are stopped. */
const atWork = () => workers.filter((pid) => isAlive(pid) && stateOf(pid) !== 'T');

test('kills -9 at 20 moments: the question is there once, at most one answer, and the thread is free', async () => {
  let killed = 0;
  for (let round = 0; round < 20; round += 1) {
    const { ask, list } = await conversationWith(api);
    const question = randomUUID();
    const key = { 'idempotency-key': randomUUID() };
    api.model.scripts.set(question, [slowly(), slowly()]);
    const asking = ask(question, key);
    await wait(randomInt(600));
    for (const pid of atWork()) {
      process.kill(pid, 'SIGKILL');
      killed += 1;
    }
    const first = await asking;
    expect([200, 500]).toContain(first.status);
    const askedBefore = api.model.asked.length;
    const again = await ask(question, key);
    expect([again.status, again.body.assistant_message?.content]).toEqual([200, 'One, two, three.']);
    // What was answered is not paid again.
    if (first.status === 200) expect(api.model.asked.length).toBe(askedBefore);
    const messages: { content: string }[] = (await list('?order=asc')).body.messages;
    expect(messages.map(({ content }) => content)).toEqual([question, 'One, two, three.']);
  }
  expect(killed).toBeGreaterThan(0);
});
