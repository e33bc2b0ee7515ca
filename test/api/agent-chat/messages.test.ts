import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { askedWith, spokenIn } from '../../support/asked.ts';
import { allOf, openStream, spoken, textOf } from '../../support/events.ts';
import { startLocalTools } from '../../support/local-tools.ts';
import {
  calls,
  callsTools,
  opened,
  piece,
  says,
  start,
  stopped,
  streams,
} from '../../support/model-events.ts';
import { person } from '../../support/people.ts';
import type { Reaction } from '../../support/scripted-model.ts';
import { logEntries, textIn } from '../../support/turns.ts';

const tools = await startLocalTools();
const api = await startApi();

/** A tool whose calls name a city. */
const toolNamed = (name: string) => {
  const tool = tools.toolNamed(name);
  return { ...tool, input_schema: { ...tool.input_schema, required: ['city'] } };
};

/** A thread with an agent of this configuration. */
async function threadWith(configuration: object = {}) {
  const metadata = { secret: `s-${randomUUID()}` };
  const made = await agentThreadWith(api, { configuration, create: { metadata } });
  const { owner, path, post, read } = made;
  return {
    ...made,
    metadata,
    cancel: (turnId: string) => post(`${path}/turns/${turnId}/cancel`, {}),
    messages: async () => (await read()).body.messages as Record<string, unknown>[],
    stream: (content: string) =>
      openStream(api, {
        method: 'POST',
        path: `${path}/messages/stream`,
        headers: owner.apiKey,
        body: { role: 'user', content },
      }),
  };
}

/** An answer that says something before it calls these tools, and stops for them. */
const saysAndCalls = (text: string, ...round: ReturnType<typeof calls>[]): Reaction =>
  streams(start(), opened, piece(text), ...round.flat(), ...stopped('tool_use'), 'end');

describe('a user’s message', () => {
  test('is answered by the agent, as its configuration says', async () => {
    const { ask } = await threadWith({
      instructions: 'You speak of the sea.',
      model: 'claude-haiku-5-5',
      max_tokens: 77,
    });
    const question = randomUUID();
    api.model.scripts.set(question, [says('Waves.')]);
    const { status, body } = await ask(question);
    expect([status, body.role, body.content]).toEqual([200, 'assistant', 'Waves.']);
    const [asked] = askedWith(api, question);
    expect(asked).toMatchObject({ model: 'claude-haiku-5-5', max_tokens: 77 });
    expect(JSON.stringify(asked?.system)).toMatch(/^\[\{"type":"text","text":"You speak of the sea\."\}/u);
    expect(asked?.tools).toBeUndefined();
  });

  test('keeps its HTML and its metadata', async () => {
    const { add, messages } = await threadWith();
    const body = { role: 'user', content: 'Q', content_html: '<b>Q</b>', metadata: { a: 1 } };
    expect((await add(body)).status).toBe(200);
    expect(await messages()).toMatchObject([body, { content_html: null }]);
  });

  test('404s in another organization’s thread, and 422s when it names another agent', async () => {
    const { path, add, messages } = await threadWith();
    const stranger = await person(api);
    const body = { role: 'user', content: 'Q' };
    expect((await api.send({ path: `${path}/messages`, headers: stranger.apiKey, body })).status).toBe(404);
    expect((await add({ ...body, agent_id: randomUUID() })).status).toBe(422);
    expect(await messages()).toEqual([]);
  });
});

test('messages of other roles are stored and answered as they are', async () => {
  const { add, messages } = await threadWith();
  const before = api.model.asked.length;
  for (const role of ['assistant', 'system', 'tool'])
    expect((await add({ role, content: `from ${role}` })).body).toMatchObject({
      role,
      content: `from ${role}`,
    });
  expect(await messages()).toHaveLength(3);
  expect(api.model.asked.length).toBe(before);
});

describe('a tool', () => {
  test('is called with what the model says and what the server knows, and the model goes on with its result', async () => {
    const { ask, messages, metadata, owner, agentId, id } = await threadWith({
      tools: [toolNamed('weather')],
    });
    tools.answers.set('/weather', { json: '{"degrees":21}' });
    const question = randomUUID();
    api.model.scripts.set(question, [
      saysAndCalls('Let me look. ', calls('toolu_1', 'weather', { city: 'Rome' })),
      says('It is 21 degrees.'),
    ]);
    const { body } = await ask(question);
    expect(body.content).toBe('Let me look. It is 21 degrees.');
    expect(body.tool_calls).toEqual([
      {
        tool_name: 'weather',
        arguments: { city: 'Rome' },
        result: { degrees: 21 },
        error: null,
        start_time: expect.stringMatching(/Z$/u) as string,
        end_time: expect.stringMatching(/Z$/u) as string,
      },
    ]);
    expect((await messages())[1]?.tool_calls).toEqual(body.tool_calls);
    expect(tools.receivedAt('/weather').at(-1)?.call).toEqual({
      tool: 'weather',
      arguments: { city: 'Rome' },
      context: { organization_id: owner.organizationId, agent_id: agentId, thread_id: id, metadata },
    });
    const [first, second] = askedWith(api, question);
    expect(JSON.stringify([first, second])).not.toContain(metadata.secret);
    if (!second) throw new Error('The model was not asked twice');
    expect(spokenIn(second).slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me look. ' },
          { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Rome' } },
        ],
      },
      {
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '{"degrees":21}' }],
      },
    ]);
    // The next question extends what was asked before, but for what was thought.
    const next = randomUUID();
    await ask(next);
    const known = JSON.stringify(spokenIn(second)).slice(0, -1);
    expect(JSON.stringify(askedWith(api, next)[0]?.messages).startsWith(known)).toBe(true);
  });

  test('that fails, is not there or is called wrongly is a failed call, and the model goes on', async () => {
    const { ask } = await threadWith({ tools: [toolNamed('weather')] });
    const question = randomUUID();
    const before = tools.receivedAt('/weather').length;
    api.model.scripts.set(question, [
      callsTools(
        calls('toolu_a', 'weather', { city: 7 }),
        calls('toolu_b', 'nothing', {}),
        calls('toolu_c', 'weather', '["no", "object"]'),
      ),
      says('I could not.'),
    ]);
    const { body } = await ask(question);
    expect(body.content).toBe('I could not.');
    const errors = (body.tool_calls as { error: string; result: unknown }[]).map(({ error }) => error);
    expect(errors).toEqual([
      expect.stringContaining('The arguments were not sent'),
      'There is no such tool',
      'The arguments are not a JSON object of at most 200 levels',
    ]);
    expect(tools.receivedAt('/weather')).toHaveLength(before);
    const outcomes = askedWith(api, question)[1]?.messages.at(-1)?.content as { is_error: boolean }[];
    expect(outcomes.map(({ is_error }) => is_error)).toEqual([true, true, true]);
  });

  test('that answers nothing has succeeded without a result, to the client and to the model', async () => {
    const { ask } = await threadWith({ tools: [toolNamed('silent')] });
    tools.answers.set('/silent', { status: 204, json: '' });
    const question = randomUUID();
    api.model.scripts.set(question, [
      callsTools(calls('toolu_1', 'silent', { city: 'Rome' })),
      says('Done.'),
    ]);
    const { body } = await ask(question);
    expect(body.tool_calls).toMatchObject([{ result: null, error: null, end_time: expect.any(String) }]);
    const sent = askedWith(api, question)[1]?.messages.at(-1);
    expect(sent?.content).toEqual([{ type: 'tool_result', tool_use_id: 'toolu_1' }]);
  });

  test('is called in at most ten rounds; then the model has to answer without', async () => {
    const { ask } = await threadWith({ tools: [toolNamed('weather')] });
    const question = randomUUID();
    const rounds = Array.from({ length: 10 }, (_, index) =>
      callsTools(calls(`toolu_${index}`, 'weather', { city: 'Rome' })),
    );
    api.model.scripts.set(question, [...rounds, says('Enough.')]);
    const { body } = await ask(question);
    expect([body.content, body.tool_calls.length]).toEqual(['Enough.', 10]);
    const choices = askedWith(api, question).map(({ tool_choice }) => tool_choice?.type);
    expect(choices).toEqual([...Array.from({ length: 10 }, () => 'auto'), 'none']);
  });

  test('whose turn is cancelled meanwhile has failed, and the next question is asked with that', async () => {
    const { ask, cancel, get, path, thread, messages } = await threadWith({ tools: [toolNamed('slow')] });
    const [called, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    tools.answers.set('/slow', async () => {
      called.resolve();
      await released.promise;
      return { json: 'null' };
    });
    const question = randomUUID();
    api.model.scripts.set(question, [saysAndCalls('Wait. ', calls('toolu_s', 'slow', { city: 'Rome' }))]);
    const asking = ask(question);
    await called.promise;
    const busy = await ask('Impatient');
    expect(busy.status).toBe(409);
    const turnId: string = busy.body.turn.id;
    await expect.poll(async () => textIn(await logEntries(api, thread, turnId))).toBe('Wait. ');
    const { body } = await cancel(turnId);
    expect([body.status, body.assistant_message.content]).toEqual(['incomplete', 'Wait. ']);
    expect(body.assistant_message.tool_calls).toMatchObject([
      { tool_name: 'slow', result: null, error: 'interrupted', end_time: null },
    ]);
    await asking;
    released.resolve();
    const next = randomUUID();
    api.model.scripts.set(next, [says('Gladly.')]);
    expect((await ask(next)).body.content).toBe('Gladly.');
    expect(await messages()).toHaveLength(4);
    expect(busy.body.turn.url).toBe(`${api.url}${path}/turns/${busy.body.turn.id as string}`);
    expect((await get(`${path}/turns/${busy.body.turn.id as string}`)).body).toEqual(body);
  });

  test('whose results do not fit into one answer has failed where they do not', async () => {
    const { ask } = await threadWith({ tools: [toolNamed('large')] });
    tools.answers.set('/large', { json: JSON.stringify('x'.repeat(150 * 1_024)) });
    const question = randomUUID();
    const round = [1, 2, 3].map((index) => calls(`toolu_${index}`, 'large', { city: 'Rome' }));
    api.model.scripts.set(question, [callsTools(...round), says('Much.')]);
    const { status, body } = await ask(question);
    expect([status, body.content]).toEqual([200, 'Much.']);
    const errors = (body.tool_calls as { error: string | null }[]).map(({ error }) => error);
    expect(errors.filter(Boolean)).toEqual(['the result does not fit into the answer']);
  });

  test('is told of on the stream, when it starts and when it ends, between what is said before and after', async () => {
    const { stream } = await threadWith({ tools: [toolNamed('weather')] });
    tools.answers.set('/weather', { json: '21' });
    const question = randomUUID();
    api.model.scripts.set(question, [
      saysAndCalls('Let me look. ', calls('toolu_1', 'weather', { city: 'Rome' })),
      says('21.'),
    ]);
    const all = await allOf((await stream(question)).events);
    const order = spoken(all).map(({ event, data }) => (event === 'delta' ? data.text : event) as string);
    expect(order).toEqual([
      'message',
      'turn',
      'Let me look. ',
      'tool_call',
      'tool_call',
      '21.',
      'assistant_message',
      'done',
    ]);
    const [begun, ended] = all.filter(({ event }) => event === 'tool_call').map(({ data }) => data);
    expect(begun).toMatchObject({ id: 'toolu_1', tool_name: 'weather', result: null, end_time: null });
    expect(ended).toMatchObject({ id: 'toolu_1', result: { value: 21 }, error: null });
    expect(textOf(all)).toBe('Let me look. 21.');
  });
});
