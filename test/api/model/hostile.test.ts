import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { askedWith } from '../../support/asked.ts';
import { allOf, openStream } from '../../support/events.ts';
import { hostileAnswer } from '../../support/hostile-model.ts';
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

const tools = await startLocalTools();
const api = await startApi();

const threadWith = (...names: string[]) => {
  const at = `/${randomUUID()}`;
  const configuration = { tools: names.map((name) => tools.toolNamed(name, at)) };
  return agentThreadWith(api, { configuration }).then((talk) => ({ ...talk, at }));
};

/** A call, and what became of it. */
interface SentBlock {
  readonly type: string;
  readonly id?: string;
  readonly name?: string;
  readonly tool_use_id?: string;
  readonly content?: string;
}

const blocksOf = (request: { readonly messages: readonly { readonly content: unknown }[] } | undefined) =>
  (request?.messages ?? []).flatMap(({ content }) =>
    Array.isArray(content) ? (content as SentBlock[]) : [],
  );

describe('what a model has said', () => {
  test('whatever it is, the thread can be asked about it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(hostileAnswer, { maxLength: 3 }), { minLength: 1, maxLength: 3 }),
        async (turns) => {
          const { ask } = await threadWith('weather', 'get_weather');
          for (const answers of turns) {
            const question = randomUUID();
            const reactions = answers.map(({ blocks, reason }) =>
              streams(start(), ...blocks, ...stopped(reason).slice(1), 'end'),
            );
            api.model.scripts.set(question, reactions);
            await ask(question);
            api.model.scripts.delete(question);
          }
          const last = await ask('Still there?');
          expect([last.status, api.model.refusals]).toEqual([200, []]);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is told to clients as it was, and to the model by names that it takes, for a call and its outcome alike', async () => {
    const { ask, read, path, owner } = await threadWith('weather');
    const question = randomUUID();
    const script = () => [
      callsTools(calls('call|1', 'get weather', {}), calls('call|1', 'get.weather', { '\ud83d': '\ude00' })),
      says('Done.'),
    ];
    api.model.scripts.set(question, script());
    const { body } = await ask(question);
    const names = (body.tool_calls as { tool_name: string }[]).map(({ tool_name: name }) => name);
    expect([body.content, names]).toEqual(['Done.', ['get weather', 'get.weather']]);
    const stored = (await read()).body.messages.at(-1);
    expect(stored.tool_calls).toEqual(body.tool_calls);

    const streamed = randomUUID();
    api.model.scripts.set(streamed, script());
    const { events } = await openStream(api, {
      method: 'POST',
      path: `${path}/messages/stream`,
      headers: owner.apiKey,
      body: { role: 'user', content: streamed },
    });
    const told = (await allOf(events)).filter(({ event }) => event === 'tool_call');
    const known = told.map(({ data }) => `${data.id} ${data.tool_name}`);
    expect(known.toSorted()).toEqual(
      ['get weather', 'get weather', 'get.weather', 'get.weather'].map((name) => `call|1 ${name}`),
    );

    const sent = blocksOf(askedWith(api, streamed).at(-1));
    const uses = sent.filter(({ type }) => type === 'tool_use');
    expect(uses.map(({ name }) => name)).toEqual([
      'get_weather',
      'get_weather_2',
      'get_weather',
      'get_weather_2',
    ]);
    const outcomes = sent.filter(({ type }) => type === 'tool_result');
    expect(outcomes.map(({ tool_use_id: id }) => id)).toEqual(uses.map(({ id }) => id));
    expect(api.model.refusals).toEqual([]);
  });

  test('a call that is named as an earlier one is a call of its own, to its tool, the client and the model', async () => {
    const { ask, at } = await threadWith('weather', 'pay');
    let answered = 0;
    for (const name of ['weather', 'pay'])
      tools.answers.set(`${at}/${name}`, () => {
        answered += 1;
        return Promise.resolve({ json: JSON.stringify({ answered }) });
      });
    const round = (...names: string[]) =>
      callsTools(...names.map((name) => calls('toolu_1', name, { city: name })));
    for (const script of [[round('weather'), round('pay'), round('weather')], [round('pay')]]) {
      const question = randomUUID();
      api.model.scripts.set(question, [...script, says('Done.')]);
      const before = answered;
      const { body } = await ask(question);
      const results = (body.tool_calls as { result: unknown }[]).map(({ result }) => result);
      expect(results).toEqual(script.map((_, index) => ({ answered: before + index + 1 })));
    }
    const ids = tools.idsAt(at);
    expect([ids.length, new Set(ids).size]).toEqual([4, 4]);
    expect(api.model.refusals).toEqual([]);
  });

  test('side by side is told in the order of its blocks', async () => {
    const { ask } = await threadWith('weather');
    const question = randomUUID();
    const second = { ...opened, index: 2 };
    api.model.scripts.set(question, [
      streams(
        start(),
        opened,
        second,
        ...calls('toolu_1', 'weather', { city: 'Rome' }),
        { ...piece('Well, '), index: 2 },
        piece('One. '),
        { ...piece('two.'), index: 2 },
        { type: 'content_block_stop', index: 2 },
        ...stopped('tool_use'),
        'end',
      ),
      says(' Done.'),
    ]);
    const { body } = await ask(question);
    expect(body.content).toBe('One. Well, two. Done.');
    expect(api.model.refusals).toEqual([]);
  });
});
