import { randomUUID } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from 'vitest';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { askedFor } from '../../support/asked.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { held, threadOf } from '../../support/turns.ts';
import type { Operation } from '../../support/writes.ts';

/** Instead of 25 s, and longer than any answer here takes that is not held back. */
process.env.TURN_WAIT_MS = '6000';
const api = await startApi();

describe.each(KINDS)('an answer in $name, which is made elsewhere,', (kind) => {
  test('is not begun where too many functions run: 503, the turn has failed, the thread is free', async () => {
    const { ask, lease, contents } = await threadOf(api, kind);
    const question = randomUUID();
    const key = { 'idempotency-key': randomUUID() };
    api.lambda.faults.push('throttle');
    const refused = await ask(question, key);
    expect([refused.status, refused.body]).toMatchObject([503, kind.refusal('unavailable')]);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await lease()).toBeUndefined();
    expect(askedFor(api, question)).toEqual([]);
    expect((await ask(question, key)).status).toBe(200);
    expect(await contents()).toHaveLength(2);
  });

  test('dies with its function: 500, the turn has failed, the thread is free', async () => {
    const { ask, lease, contents } = await threadOf(api, kind);
    api.lambda.faults.push('crash');
    expect((await ask('Q')).status).toBe(500);
    expect(await lease()).toBeUndefined();
    expect((await ask('Next')).status).toBe(200);
    expect((await contents()).slice(0, 2)).toEqual(['Q', 'Next']);
  });

  test('goes on where a second function for the same key is throttled', async () => {
    const { ask, thread, contents } = await threadOf(api, kind);
    const [question, key] = [randomUUID(), { 'idempotency-key': randomUUID() }];
    const lease = JSON.stringify(marshall(keys.lease(thread)));
    const isAbout = ({ input }: Operation) => JSON.stringify(input.Key) === lease;
    const throttled = Promise.withResolvers<void>();
    const claimed = Promise.withResolvers<void>();
    let isRefusing = false;
    // The first function claims the turn once the second was refused, and before that is looked at.
    const undo = api.database.witness(async (call) => {
      if (isAbout(call) && call.operation === 'UpdateItem') await throttled.promise;
      if (isAbout(call) && call.operation === 'GetItem' && isRefusing && api.lambda.faults.length === 0) {
        throttled.resolve();
        await claimed.promise;
      }
    });
    const unlisten = api.database.listen((call) => {
      if (isAbout(call) && call.operation === 'UpdateItem') claimed.resolve();
    });
    const jobs = api.lambda.jobs.length;
    const first = ask(question, key);
    await expect.poll(() => api.lambda.jobs.length).toBe(jobs + 1);
    api.lambda.faults.push('throttle');
    isRefusing = true;
    const answers = await Promise.all([first, ask(question, key)]);
    undo();
    unlisten();
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(answers[1].answer).toEqual(answers[0].answer);
    expect(askedFor(api, question)).toHaveLength(1);
    expect(await contents()).toHaveLength(2);
  });

  test('is made once, however often its function is run', async () => {
    const { ask, contents } = await threadOf(api, kind);
    const question = randomUUID();
    const only = held('Once');
    api.model.script.push(only.reaction);
    const running = ask(question);
    await only.asked;
    await api.handler('make-answer')(api.lambda.jobs.at(-1));
    only.release();
    expect((await running).status).toBe(200);
    await api.handler('make-answer')(api.lambda.jobs.at(-1));
    expect(askedFor(api, question)).toHaveLength(1);
    expect(await contents()).toEqual([question, 'Once']);
  });
});

describe.concurrent.each(KINDS)('in $name an answer that takes longer than a request can wait', (kind) => {
  test('is a running turn: 200, and it is found later, by its key too', async () => {
    const { ask, turn, contents } = await threadOf(api, kind);
    const question = randomUUID();
    const slow = held('At last');
    api.model.scripts.set(question, [slow.reaction]);
    const key = { 'idempotency-key': randomUUID() };
    const first = await ask(question, key);
    expect([first.status, first.answer, first.turn.status]).toEqual([200, null, 'in_progress']);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(await contents()).toEqual([question]);
    slow.release();
    const ended = (await turn(first.turn.id, { wait: '20' })).body;
    expect(ended).toMatchObject({ status: 'completed', assistant_message: { content: 'At last' } });
    const again = await ask(question, key);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect([first.questionId, again.questionId]).toEqual([ended.message_id, ended.message_id]);
    expect(again.answer).toEqual(ended.assistant_message);
    expect(await contents()).toEqual([question, 'At last']);
  });
});
