import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startApi } from '../support/api.ts';
import { opened, piece, start, streams } from '../support/model-events.ts';
import { workerInProcesses } from '../support/run-function.ts';
import { threadOf } from '../support/turns.ts';

/** What the worker has in place of 15 minutes; the last three seconds are for storing the answer. */
const WORKER_TIME_MS = 5_000;
const api = await startApi({ run: workerInProcesses([], WORKER_TIME_MS) });

test('an answer that takes too long is kept as far as it goes', async () => {
  const { ask, contents, lease } = await threadOf(api);
  const question = randomUUID();
  api.model.scripts.set(question, [streams(start(), opened, piece('So far'))]);
  const { status, body } = await ask(question);
  expect([status, body.turn.status]).toEqual([200, 'incomplete']);
  expect(body.assistant_message).toMatchObject({
    content: 'So far',
    metadata: { incomplete_reason: 'deadline' },
  });
  expect(await contents()).toEqual([question, 'So far']);
  expect(await lease()).toBeUndefined();
});

test('500s when nothing was said in time', async () => {
  const { ask, contents, lease } = await threadOf(api);
  const question = randomUUID();
  api.model.scripts.set(question, [streams(start())]);
  expect((await ask(question)).status).toBe(500);
  expect(await contents()).toEqual([question]);
  expect(await lease()).toBeUndefined();
});

test('an answer that would not fit into a message is kept as far as it fits', async () => {
  const { ask } = await threadOf(api);
  const question = randomUUID();
  const chunk = '😀'.repeat(8_192); // 32 KiB
  const steps = Array.from({ length: 20 }, () => piece(chunk));
  api.model.scripts.set(question, [streams(start(), opened, ...steps)]);
  const { status, body } = await ask(question);
  expect([status, body.turn.status]).toEqual([200, 'incomplete']);
  expect(body.assistant_message.metadata).toEqual({ incomplete_reason: 'too_long' });
  expect(body.assistant_message.content).toBe(chunk.repeat(8));
});
