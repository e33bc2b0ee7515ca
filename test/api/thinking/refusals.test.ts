import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { allOf, textOf } from '../../support/events.ts';
import { opened, piece, start, streams } from '../../support/model-events.ts';
import type { Reaction } from '../../support/scripted-model.ts';
import { CONVERSATION, KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

const REFUSAL_TEXT = 'That is not for me to answer.';
process.env.REFUSAL_TEXT = REFUSAL_TEXT;
const api = await startApi();

/** Stops as the service does where the model will not answer: with a status of 200, and as a rule without a word. */
const refuses = (...words: string[]): Reaction =>
  streams(
    start(),
    ...(words.length > 0 ? [opened, ...words.map(piece)] : []),
    {
      type: 'message_delta',
      delta: {
        stop_reason: 'refusal',
        stop_sequence: null,
        stop_details: { type: 'refusal', category: 'cyber', explanation: 'SECRET upstream words' },
      },
      usage: { output_tokens: 3 },
    },
    { type: 'message_stop' },
    'end',
  );

describe.each(KINDS)('a refusal in $name', (kind) => {
  test.each([
    ['without a word is an answer in the deployment’s words', [], REFUSAL_TEXT],
    ['after some words is an answer as far as it goes', ['First you ', 'take'], 'First you take'],
  ])('%s', async (_what, words, content) => {
    const { ask, turn, contents } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [refuses(...words)]);
    const logged = api.logged.length;
    const asked = await ask(question, { 'idempotency-key': question });
    expect([asked.status, asked.answer.content, asked.turn.status]).toEqual([200, content, 'completed']);
    expect(asked.answer.metadata).toMatchObject({ stop_reason: 'refusal', refusal_category: 'cyber' });
    expect(asked.text).not.toContain('SECRET');
    expect(api.logged.slice(logged).join('')).not.toMatch(/"model_failures":1|"level":"ERROR"/u);
    expect((await turn(asked.turn.id)).body.status).toBe('completed');
    expect(await contents()).toEqual([question, content]);
    const requests = api.model.asked.length;
    const again = await ask(question, { 'idempotency-key': question });
    expect([again.status, again.answer.content]).toEqual([200, content]);
    expect(api.model.asked).toHaveLength(requests);
  });

  test('is not sent again, nor what it refused: both stay in the thread', async () => {
    const { ask, say, contents } = await threadOf(api, kind);
    const [refused, next] = [randomUUID(), randomUUID()];
    await say('Something before.');
    api.model.scripts.set(refused, [refuses()]);
    await ask(refused);
    await say('Something after.');
    const { status } = await ask(next);
    expect(status).toBe(200);
    expect(api.model.asked.at(-1)?.messages).toEqual([
      { role: 'user', content: 'Something before.' },
      { role: 'user', content: 'Something after.' },
      { role: 'user', content: next },
    ]);
    expect((await contents()).slice(0, 3)).toEqual(['Something before.', refused, REFUSAL_TEXT]);
  });

  test('is streamed like any answer', async () => {
    const { streamed } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [refuses()]);
    const all = await allOf((await streamed(question)).events);
    expect(textOf(all)).toBe(REFUSAL_TEXT);
    expect(all.at(-1)?.data.status).toBe('completed');
  });
});

test('no title is asked for with a refusal, and the next answer’s is about that', async () => {
  const { ask } = await threadOf(api, CONVERSATION);
  const [refused, next] = [randomUUID(), randomUUID()];
  api.model.scripts.set(refused, [refuses()]);
  const before = api.lambda.events.length;
  await ask(refused);
  expect(api.lambda.events).toHaveLength(before);
  await ask(next);
  const event = api.lambda.events.at(-1);
  await api.handler(event?.name ?? '')(event?.payload);
  const [message] = api.model.asked.at(-1)?.messages ?? [];
  expect(JSON.parse(message?.content as string)).toMatchObject({ question: next });
});
