import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startApi } from '../support/api.ts';
import { opened, piece, start, stopped, streams } from '../support/model-events.ts';
import { workerInProcesses } from '../support/run-function.ts';
import { isAlive, stateOf } from '../support/started.ts';
import { threadOf } from '../support/turns.ts';

/** `npm run prove:kills` takes more of them. */
const ROUNDS = Number(process.env.KILLS) || 20;
process.env.TURN_LEASE_MS = '2000';
const workers: number[] = [];
const api = await startApi({ run: workerInProcesses(workers) });

const WORDS = ['One, ', 'two, ', 'three, ', 'four, ', 'five.'];
const WHOLE = WORDS.join('');
/** An answer that takes about 750 ms, of which the log has a part by then. */
const slowly = () =>
  streams(start(), opened, ...WORDS.flatMap((word) => [150, piece(word)]), ...stopped('end_turn'), 'end');

/** Workers that are at work: the others are stopped. */
const atWork = () => workers.filter((pid) => isAlive(pid) && stateOf(pid) !== 'T');

test(`kills -9 at ${ROUNDS} moments: the question is there once, at most one answer, the thread is free`, {
  timeout: ROUNDS * 15_000,
}, async () => {
  let killed = 0;
  const ends: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round += 1) {
    const { ask, contents, lease } = await threadOf(api);
    const question = randomUUID();
    const key = { 'idempotency-key': randomUUID() };
    api.model.scripts.set(question, [slowly(), slowly()]);
    const asking = ask(question, key);
    await wait(randomInt(1_300));
    for (const pid of atWork()) {
      process.kill(pid, 'SIGKILL');
      killed += 1;
    }
    const first = await asking;
    expect([200, 500]).toContain(first.status);
    expect(await lease()).toBeUndefined();
    const askedBefore = api.model.asked.length;
    const again = await ask(question, key);
    expect(again.status).toBe(200);
    // What was answered, in whole or in part, is not asked again; what was not is now answered whole.
    if (first.status === 200) {
      expect(api.model.asked.length).toBe(askedBefore);
      expect(again.body).toEqual(first.body);
    } else expect(again.body.turn.status).toBe('completed');
    const { content } = again.body.assistant_message;
    expect(again.body.turn.status === 'completed' ? content === WHOLE : WHOLE.startsWith(content)).toBe(true);
    expect(await contents()).toEqual([question, content]);
    const end = `${first.status} ${again.body.turn.status}`;
    ends[end] = (ends[end] ?? 0) + 1;
    const next = randomUUID();
    expect((await ask(next)).status).toBe(200);
  }
  expect(killed).toBeGreaterThan(0);
  process.stderr.write(`${killed} workers killed: ${JSON.stringify(ends)}\n`);
});
