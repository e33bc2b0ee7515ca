import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { opened, piece, start, streams } from '../../support/model-events.ts';
import { workerInProcesses } from '../../support/run-function.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

/** What the worker has in place of 15 minutes; the last three seconds are for storing the answer. */
const WORKER_TIME_MS = 7_000;
const api = await startApi({ run: workerInProcesses([], WORKER_TIME_MS) });

describe.concurrent.each(KINDS)('in $name', (kind) => {
  test('an answer that takes too long is kept as far as it goes', async () => {
    const { ask, contents, lease } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [streams(start(), opened, piece('So far'))]);
    const { status, turn, answer } = await ask(question);
    expect([status, turn.status]).toEqual([200, 'incomplete']);
    expect(answer).toMatchObject({
      content: 'So far',
      metadata: { incomplete_reason: 'deadline' },
    });
    expect(await contents()).toEqual([question, 'So far']);
    expect(await lease()).toBeUndefined();
  });

  test('503s when nothing was said in time', async () => {
    const { ask, contents, lease } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [streams(start())]);
    expect((await ask(question)).status).toBe(503);
    expect(await contents()).toEqual([question]);
    expect(await lease()).toBeUndefined();
  });

  test('an answer that would not fit into a message is kept as far as it fits', async () => {
    const { ask } = await threadOf(api, kind);
    const question = randomUUID();
    const chunk = '😀'.repeat(8_192); // 32 KiB
    const steps = Array.from({ length: 20 }, () => piece(chunk));
    api.model.scripts.set(question, [streams(start(), opened, ...steps)]);
    const { status, turn, answer } = await ask(question);
    expect([status, turn.status]).toEqual([200, 'incomplete']);
    expect(answer.metadata.incomplete_reason).toBe('too_long');
    expect(answer.content).toBe(chunk.repeat(8));
  });
});
