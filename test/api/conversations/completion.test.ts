import { describe, expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { lastAsked } from '../../support/asked.ts';
import { conversationWith } from '../../support/conversations.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { fails, says } from '../../support/scripted-model.ts';

const api = await startApi();
const contents = (messages: { content: string }[]) => messages.map(({ content }) => content);

describe('chat-completion', () => {
  test('answers with the stored question and the stored answer, and what it cost', async () => {
    const { ask, list } = await conversationWith(api);
    api.model.script.push(says('Forty-two.'));
    const { status, body } = await ask('What is the answer?');
    expect(status).toBe(200);
    expect(body.message).toMatchObject({ role: 'user', content: 'What is the answer?', token_usage: null });
    expect(body.assistant_message).toMatchObject({ role: 'assistant', content: 'Forty-two.', metadata: {} });
    const { prompt_tokens, completion_tokens, total_tokens } = body.assistant_message.token_usage;
    expect(completion_tokens).toBeGreaterThan(0);
    expect(total_tokens).toBe(prompt_tokens + completion_tokens);
    expect((await list('')).body.messages).toEqual([body.assistant_message, body.message]);
  });

  test('counts cached input as prompt tokens', async () => {
    const { ask } = await conversationWith(api);
    const usage = { input_tokens: 3, cache_creation_input_tokens: 20, cache_read_input_tokens: 100 };
    api.model.script.push(streams(start(usage), opened, piece('cut'), ...stopped('max_tokens'), 'end'));
    const { assistant_message } = (await ask('hi')).body;
    expect(assistant_message.token_usage).toEqual({
      prompt_tokens: 123,
      completion_tokens: 7,
      total_tokens: 130,
    });
    expect(assistant_message.metadata).toMatchObject({
      model: 'claude-sonnet-5-5',
      stop_reason: 'max_tokens',
      incomplete_reason: 'max_tokens',
      cached_tokens: 100,
    });
  });

  test('asks with streaming and prompt caching, the model of the conversation and its whole history', async () => {
    const { append, ask } = await conversationWith(api, { create: { model: 'claude-haiku-5-5' } });
    await append({ role: 'system', content: 'Be brief.' });
    api.model.script.push(says('Hello.'));
    await ask('Hi');
    await append({ role: 'tool', content: '17 °C' });
    await append({ role: 'user', content: ' \n ' });
    await ask('And now?');
    const { model, stream, cache_control, system, messages } = lastAsked(api);
    expect({ model, stream, cache_control }).toEqual({
      model: 'claude-haiku-5-5',
      stream: true,
      cache_control: { type: 'ephemeral' },
    });
    expect((system as { text: string }[]).map(({ text }) => text)).toEqual([expect.any(String), 'Be brief.']);
    expect(messages).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: '[tool output]\n17 °C' },
      { role: 'user', content: 'And now?' },
    ]);
  });

  test('422s another role than user and blank content, and stores nothing', async () => {
    const { append, list } = await conversationWith(api);
    for (const body of [
      { role: 'assistant', content: 'hi' },
      ...[' \n\t', '\u0085', '\u001c\uFEFF'].map((content) => ({ role: 'user', content })),
    ]) {
      const { status } = await append({ ...body, mode: 'chat-completion' });
      expect(status).toBe(422);
    }
    expect((await list('')).body.total).toBe(0);
  });

  test('stores the question before the model is asked', async () => {
    const { ask, list } = await conversationWith(api);
    let stored: unknown;
    api.model.script.push(async (request, outgoing) => {
      stored = contents((await list('')).body.messages);
      says('ok')(request, outgoing);
    });
    await ask('durable?');
    expect(stored).toEqual(['durable?']);
  });
});

describe('a model that fails', () => {
  const refusals: [string, ReturnType<typeof fails>][] = [
    ['refuses', fails(400, 'invalid_request_error')],
    ['cuts the connection', (_request, outgoing) => outgoing.destroy()],
    ['says nothing', says('')],
    [
      'speaks nonsense',
      (_request, outgoing) =>
        outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {\n\n'),
    ],
  ];
  /** What another attempt would not change. */
  const LASTING = ['refuses', 'says nothing'];
  test.each(refusals)('and %s: an error in the API’s shape, the question stays', async (how, reaction) => {
    const { ask, list } = await conversationWith(api);
    api.model.script.push(reaction, reaction, reaction);
    const { status, body, text } = await ask('Still there?');
    api.model.script.length = 0;
    expect([status, body.error]).toEqual(
      LASTING.includes(how) ? [500, 'internal_error'] : [503, 'unavailable'],
    );
    expect(text).not.toContain('SECRET');
    expect(contents((await list('')).body.messages)).toEqual(['Still there?']);
  });

  test('is asked again when it was overloaded', async () => {
    const { ask } = await conversationWith(api);
    api.model.script.push(fails(529, 'overloaded_error'), says('Here I am.'));
    expect((await ask('Hello?')).body.assistant_message.content).toBe('Here I am.');
  });

  test('and the same Idempotency-Key finishes the job, without a second copy', async () => {
    const { ask, append, list } = await conversationWith(api);
    const key = { 'idempotency-key': 'retry' };
    api.model.script.push(fails(400));
    expect((await ask('Q', key)).status).toBe(500);
    await append({ role: 'user', content: 'meanwhile' });
    api.model.script.push(says('A'));
    const second = await ask('Q', key);
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([200, null]);
    expect(lastAsked(api).messages).toEqual([{ role: 'user', content: 'Q' }]);
    const asked = api.model.asked.length;
    const third = await ask('Q', key);
    expect(third.headers.get('idempotency-replayed')).toBe('true');
    expect(third.body).toEqual(second.body);
    expect(api.model.asked).toHaveLength(asked);
    expect(contents((await list('?order=asc')).body.messages)).toEqual(['Q', 'meanwhile', 'A']);
  });

  test('and 409s when the key is used for another question', async () => {
    const { ask } = await conversationWith(api);
    const key = { 'idempotency-key': 'other' };
    await ask('one', key);
    expect((await ask('two', key)).status).toBe(409);
  });
});

test('two completions with one key at the same time store one question and one answer', async () => {
  const { ask, list } = await conversationWith(api);
  const key = { 'idempotency-key': 'twins' };
  const answers = await Promise.all([ask('Q', key), ask('Q', key), ask('Q', key)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
  expect((await list('')).body.total).toBe(2);
});
