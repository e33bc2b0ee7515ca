import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { agentConfiguration } from '../../../functions/domain/agent-configuration.ts';
import { readAgent } from '../../../functions/store/agents.ts';
import { startApi } from '../../support/api.ts';
import { person } from '../../support/people.ts';
import { countTimedRuns } from '../../support/timed-runs.ts';

const api = await startApi();
const who = await person(api);
const template_id = randomUUID();
const create = (configuration: unknown) => {
  const body = { name: 'Helper', configuration, template_id };
  return api.send({ path: '/api/v1/agents', headers: who.apiKey, body });
};
const createRaw = (configuration: string) => {
  const body = `{"name":"Helper","template_id":"${template_id}","configuration":${configuration}}`;
  return api.send({ path: '/api/v1/agents', headers: who.apiKey, body });
};

const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  url: 'https://tools.example.com/weather?units=metric',
};
const tool = (changed: object) => ({ tools: [{ ...weather, ...changed }] });
const tools = (count: number, changed: object = {}) =>
  Array.from({ length: count }, (_, index) => ({ ...weather, name: `tool-${index}`, ...changed }));

describe('an agent’s configuration', () => {
  test('comes back as it was sent, with what means nothing to Parley, and is read back typed', async () => {
    const sent = {
      instructions: 'Be brief.',
      model: 'claude-haiku-5-5',
      max_tokens: 1_000,
      effort: 'low',
      tools: [{ ...weather, icon: 'sun' }],
      temperature: 0.5,
    };
    const { status, body } = await create(sent);
    expect([status, body.configuration]).toEqual([200, sent]);
    const agent = await readAgent(who.organizationId, body.id);
    expect(agentConfiguration(agent?.configuration ?? {})).toEqual({
      instructions: 'Be brief.',
      model: 'claude-haiku-5-5',
      maxTokens: 1_000,
      effort: 'low',
      tools: [
        {
          name: weather.name,
          description: weather.description,
          inputSchema: weather.input_schema,
          url: weather.url,
        },
      ],
    });
  });

  test('keeps numbers of a schema that a double cannot hold', async () => {
    const schema = '{"type":"object","properties":{"id":{"type":"integer","maximum":9223372036854775807}}}';
    const json = `{"tools":[{"name":"t","description":"","input_schema":${schema},"url":"https://example.com"}]}`;
    const { status, text } = await createRaw(json);
    expect(status, text).toBe(200);
    expect(text).toContain(`"configuration":${json}`);
  });

  test.each([
    {},
    { tools: [] },
    { tools: tools(32) },
    { max_tokens: 16_000, instructions: '' },
    tool({ name: 'x'.repeat(64), url: 'https://example.com:443' }),
  ])('is taken: %j', async (configuration) => {
    const { status, text } = await create(configuration);
    expect(status, text).toBe(200);
  });

  test.each([
    [{ instructions: 1 }, ['instructions']],
    [{ instructions: '\ud800' }, ['instructions']],
    [{ model: 'gpt' }, ['model']],
    [{ model: null }, ['model']],
    [{ max_tokens: 0 }, ['max_tokens']],
    [{ max_tokens: 16_001 }, ['max_tokens']],
    [{ max_tokens: '7' }, ['max_tokens']],
    [{ tools: {} }, ['tools']],
    [{ tools: tools(33) }, ['tools']],
    [{ tools: ['weather'] }, ['tools', 0]],
    [{ tools: [weather, { ...weather, url: undefined }] }, ['tools', 1, 'url']],
    [{ tools: [...tools(3), { ...weather, name: 'tool-1' }] }, ['tools', 3, 'name']],
    [tool({ name: '' }), ['tools', 0, 'name']],
    [tool({ name: 'x'.repeat(65) }), ['tools', 0, 'name']],
    [tool({ name: 'get weather' }), ['tools', 0, 'name']],
    [tool({ name: 'weather\n' }), ['tools', 0, 'name']],
    [tool({ description: null }), ['tools', 0, 'description']],
    [tool({ url: 'tools.example.com' }), ['tools', 0, 'url']],
    [tool({ url: 'https://' }), ['tools', 0, 'url']],
    [tool({ url: 'http://example.com' }), ['tools', 0, 'url']],
    [tool({ url: 'ftp://example.com' }), ['tools', 0, 'url']],
    [tool({ url: 'https://example.com:8443' }), ['tools', 0, 'url']],
    [tool({ url: 'https://me@example.com' }), ['tools', 0, 'url']],
    [tool({ url: 'https://:secret@example.com' }), ['tools', 0, 'url']],
    [tool({ url: 'https://169.254.169.254/latest/meta-data' }), ['tools', 0, 'url']],
    [tool({ url: 'https://0x7f.1/' }), ['tools', 0, 'url']],
    [tool({ url: 'https://[::ffff:10.0.0.1]/' }), ['tools', 0, 'url']],
    [tool({ input_schema: true }), ['tools', 0, 'input_schema']],
    [tool({ input_schema: { type: 'array' } }), ['tools', 0, 'input_schema', 'type']],
    [
      tool({ input_schema: { type: 'object', properties: { context: {} } } }),
      ['tools', 0, 'input_schema', 'properties', 'context'],
    ],
    [
      tool({ input_schema: { type: 'object', properties: { a: { oneOf: [{ type: 'text' }] } } } }),
      ['tools', 0, 'input_schema', 'properties', 'a', 'oneOf', 0, 'type'],
    ],
  ])('422s %j at its place', async (configuration, place) => {
    const { status, body } = await create(configuration);
    expect([status, body.detail[0].loc]).toEqual([422, ['body', 'configuration', ...place]]);
  });

  test('422s a URL of more than 2,048 characters', async () => {
    const ofLength = (length: number) => tool({ url: 'https://example.com/'.padEnd(length, 'x') });
    expect([(await create(ofLength(2_048))).status, (await create(ofLength(2_049))).status]).toEqual([
      200, 422,
    ]);
  });

  test('is refused before the scope of the key is', async () => {
    const reader = await person(api, { scopes: ['read'] });
    const body = { name: 'Helper', configuration: { model: 'gpt' }, template_id };
    const { status } = await api.send({ path: '/api/v1/agents', headers: reader.apiKey, body });
    expect(status).toBe(422);
  });
});

describe('the schemas of tools', () => {
  const path = '/api/v1/agents';
  /** References that double so often. */
  const doubling = (times: number) => {
    const defs = Array.from({ length: times }, (_, index) => {
      const next = { $ref: `#/$defs/${index + 1}` };
      return [index, { allOf: [next, next] }];
    });
    const $defs = { ...Object.fromEntries(defs), [times]: {} };
    return { type: 'object', if: { $ref: '#/$defs/0' }, $defs };
  };
  /** Each takes some time, and all of them 24 times as much. */
  const costly = { tools: tools(24, { input_schema: doubling(12) }) };

  test.each(['POST', 'PATCH'])('are not looked at for who may not write: %s', async (method) => {
    const { body: agent } = await create({});
    const reader = await person(api, { organizationId: who.organizationId, scopes: ['read'] });
    const limits = countTimedRuns();
    const body = { name: 'Helper', configuration: costly, template_id };
    const at = method === 'POST' ? path : `${path}/${agent.id}`;
    const answer = await api.send({ method, path: at, headers: reader.apiKey, body });
    expect([answer.status, answer.body]).toEqual([403, { detail: 'The API key lacks the scope write' }]);
    expect(limits).toEqual([]);
  });

  test.each(['POST', 'PATCH'])('are checked within one limit, however many: %s', async (method) => {
    const { body: agent } = await create({});
    const limits = countTimedRuns();
    const body = { name: 'Helper', configuration: costly, template_id };
    const at = method === 'POST' ? path : `${path}/${agent.id}`;
    const answer = await api.send({ method, path: at, headers: who.apiKey, body });
    expect([200, 422]).toContain(answer.status); // it depends on the machine
    expect(limits).toEqual([2_000]);
  });

  test('that take endless time are refused, at the first of them', async () => {
    const limits = countTimedRuns();
    const { status, body } = await create({
      tools: tools(9, { input_schema: doubling(40) }),
    });
    expect([status, body.detail[0].loc]).toEqual([
      422,
      ['body', 'configuration', 'tools', 0, 'input_schema'],
    ]);
    expect(body.detail[0].msg).toContain('takes too long');
    expect(limits).toEqual([2_000]);
  });

  test('are not checked where there are none', async () => {
    const limits = countTimedRuns();
    expect((await create({ tools: [] })).status).toBe(200);
    expect(limits).toEqual([]);
  });
});

test('a configuration from before there was a check is read as far as it means something', () => {
  const nothing = { instructions: null, model: null, maxTokens: null, effort: null, tools: [] };
  expect(agentConfiguration({})).toEqual(nothing);
  const odd = {
    instructions: {},
    model: 1,
    max_tokens: -1,
    effort: 'x',
    tools: [null, 'x', { ...weather, url: 1 }],
  };
  expect(agentConfiguration(odd)).toEqual(nothing);
  expect(agentConfiguration({ tools: 'x', max_tokens: 1.5 })).toEqual(nothing);
});
