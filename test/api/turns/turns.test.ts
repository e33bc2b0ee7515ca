import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { askedFor } from '../../support/asked.ts';
import { conversationWith } from '../../support/conversations.ts';
import { fails, says } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { held, threadOf } from '../../support/turns.ts';

const api = await startApi();

describe.each(KINDS)('an answer in $name', (kind) => {
  test('tells its turn, which shows question, answer, usage and times', async () => {
    const { ask, id, turn, urlOf, messages } = await threadOf(api, kind);
    const asked = await ask('Why?');
    expect(asked.turn).toEqual({ id: asked.turn.id, status: 'completed', url: urlOf(asked.turn.id) });
    const { status, body: shown } = await turn(asked.turn.id);
    expect([status, shown]).toEqual([
      200,
      {
        id: asked.turn.id,
        thread_id: id,
        status: 'completed',
        message_id: asked.questionId,
        assistant_message: asked.answer,
        usage: {
          prompt_tokens: expect.any(Number) as number,
          completion_tokens: expect.any(Number) as number,
          total_tokens: shown.usage.prompt_tokens + shown.usage.completion_tokens,
        },
        usage_details: asked.answer.metadata.usage_details,
        cost_usd: asked.answer.metadata.cost_usd,
        error: null,
        started_at: expect.stringMatching(/Z$/u) as string,
        ended_at: expect.stringMatching(/Z$/u) as string,
      },
    ]);
    expect(shown.started_at <= shown.ended_at).toBe(true);
    expect(asked.answer).toMatchObject(kind.answer(asked.answer.content, shown.usage));
    const [question, answer] = await messages();
    expect([question.id, question.content, answer]).toEqual([asked.questionId, 'Why?', asked.answer]);
  });

  test('that fails leaves a failed turn, in our words, and a thread that is free; its key asks again', async () => {
    const { ask, turn, lease, contents } = await threadOf(api, kind);
    const key = { 'idempotency-key': randomUUID() };
    api.model.script.push(fails(400));
    const failed = await ask('Why?', key);
    expect([failed.status, failed.body]).toMatchObject([500, kind.refusal('internal_error')]);
    const { turnId } = api.lambda.jobs.at(-1) as { turnId: string };
    expect((await turn(turnId)).body).toMatchObject({
      status: 'failed',
      assistant_message: null,
      error: { code: 'internal_error', message: 'The assistant could not answer; the message is stored' },
    });
    expect(await lease()).toBeUndefined();
    expect(await contents()).toEqual(['Why?']);
    api.model.script.push(says('Because.'));
    const again = await ask('Why?', key);
    expect((await turn(again.turn.id)).body).toMatchObject({
      status: 'completed',
      message_id: again.questionId,
    });
    expect(await contents()).toEqual(['Why?', 'Because.']);
  });
});

describe.each(KINDS)('one at a time in $name:', (kind) => {
  test('a second question is a 409 that names the running turn, and stores nothing', async () => {
    const { ask, say, contents, turn, urlOf } = await threadOf(api, kind);
    const first = held('Answer');
    api.model.script.push(first.reaction);
    const running = ask('first');
    await first.asked;
    const second = await ask('second');
    expect([second.status, second.body]).toMatchObject([409, kind.refusal('conflict')]);
    const turnId: string = second.turn.id;
    expect(second.turn).toEqual({ id: turnId, url: urlOf(turnId) });
    expect((await turn(turnId)).body).toMatchObject({
      status: 'in_progress',
      assistant_message: null,
      ended_at: null,
    });
    await say('by the way');
    expect(await contents()).toEqual(['first', 'by the way']);
    const waiting = turn(turnId, { wait: '20' });
    first.release();
    expect((await running).status).toBe(200);
    expect((await waiting).body).toMatchObject({
      status: 'completed',
      assistant_message: { content: 'Answer' },
    });
    expect(await contents()).toEqual(['first', 'by the way', 'Answer']);
    expect((await ask('third')).status).toBe(200);
  });

  test('20 questions at once: one is answered, the others are 409s, and the model is asked once', async () => {
    const { ask, contents } = await threadOf(api, kind);
    const before = api.model.asked.length;
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const settled: number[] = [];
    const all = Array.from({ length: 20 }, async (_, index) => {
      const { status } = await ask(`question ${index}`);
      settled.push(status);
      return status;
    });
    // While the one is being answered, and not after it.
    await expect.poll(() => settled).toHaveLength(19);
    expect(settled).not.toContain(200);
    only.release();
    const statuses = await Promise.all(all);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(19);
    expect(api.model.asked.length - before).toBe(1);
    expect(await contents()).toHaveLength(2);
  });

  test('the same Idempotency-Key attaches to its turn instead: the model is asked once', async () => {
    const { ask, contents } = await threadOf(api, kind);
    const question = randomUUID();
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const key = { 'idempotency-key': randomUUID() };
    const first = ask(question, key);
    await only.asked;
    const others = [ask(question, key), ask(question, key)];
    await wait(300);
    only.release();
    const answers = await Promise.all([first, ...others]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(answers.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true', 'true']);
    expect(askedFor(api, question)).toHaveLength(1);
    expect(await contents()).toEqual([question, 'Answer']);
  });
});

test('a message that asks for no answer is taken while another is answered', async () => {
  const { ask, append } = await conversationWith(api);
  const first = held('Answer');
  api.model.script.push(first.reaction);
  const running = ask('first');
  await first.asked;
  const { status, body } = await append({ role: 'user', content: 'by the way' });
  expect([status, body.assistant_message]).toEqual([200, null]);
  first.release();
  expect((await running).status).toBe(200);
});
