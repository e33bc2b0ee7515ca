import { randomUUID } from 'node:crypto';
import type { Context as LambdaContext } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { contextOf } from '../../../functions/http/context.ts';
import { editAgent } from '../../../functions/store/agents.ts';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { askedWith } from '../../support/asked.ts';
import { startLocalTools } from '../../support/local-tools.ts';
import { calls, callsTools, says } from '../../support/model-events.ts';
import { countTimedRuns } from '../../support/timed-runs.ts';

/** Agents that were stored before their configuration was checked: their threads answer, with what can be used. */
const localTools = await startLocalTools();
const api = await startApi();
const context = contextOf({ getRemainingTimeInMillis: () => 60_000 } as LambdaContext, {}); // all that is read of it

const good = { ...localTools.toolNamed('good'), name: 'good' };
const object = (rest: object = {}) => ({ type: 'object', ...rest });
const withProperty = (schema: object) => object({ properties: { a: schema } });
const bad = (changed: object) => ({ ...good, name: 'bad', ...changed });
const badSchema = (input_schema: unknown) => bad({ input_schema });

/** A thread with an agent into whose item a configuration was put, past every check. */
async function threadWith(configuration: object) {
  const thread = await agentThreadWith(api);
  const agent = { organizationId: thread.owner.organizationId, id: thread.agentId };
  const changes = { configuration: configuration as Record<string, unknown> };
  await editAgent(agent, { changes, expected: null }, context);
  return thread;
}

/** What the model was asked, after it has answered. */
async function askedBy(configuration: object) {
  const { ask } = await threadWith(configuration);
  const question = randomUUID();
  api.model.scripts.set(question, [says('Fine.')]);
  const { status, text, body } = await ask(question);
  expect([status, body.content], text).toEqual([200, 'Fine.']);
  return askedWith(api, question)[0];
}

describe('a stored agent answers, without the tool', () => {
  test.each<[string, unknown]>([
    ['is no tool', null],
    ['has no schema', badSchema(undefined)],
    ['has no name that the model’s service takes', bad({ name: 'two words' })],
    ['has a name too long', bad({ name: 'x'.repeat(65) })],
    ['has an empty name', bad({ name: '' })],
    ['has half a character in its description', bad({ description: '\ud83d' })],
    ['has a list for a schema', badSchema([])],
    ['has a schema of no object', badSchema({ type: 'nope' })],
    ['has a schema of a list', badSchema({ type: 'array' })],
    ['has a choice at the top of its schema', badSchema(object({ oneOf: [{}] }))],
    ['has a schema that is no JSON Schema', badSchema(withProperty({ type: 'nope' }))],
    ['has an argument with a dollar', badSchema(object({ properties: { $top: {} } }))],
    ['has an argument with too long a name', badSchema(object({ properties: { ['a'.repeat(65)]: {} } }))],
    ['has an argument with half a character', badSchema(object({ properties: { '\ude00': {} } }))],
    [
      'has a deep argument with a space',
      badSchema(withProperty({ items: object({ properties: { 'a b': {} } }) })),
    ],
    ['has half a character deep in its schema', badSchema(withProperty({ enum: [{ a: ['\ud83d!'] }] }))],
    ['has the name of one before it', { ...good, description: 'another' }],
  ])('that %s', async (_what, tool) => {
    const after = { ...good, name: 'after' };
    const asked = await askedBy({ tools: [good, tool, after] });
    const { name, description, input_schema } = good;
    expect(asked?.tools).toEqual([
      { name, description, input_schema },
      { name: 'after', description, input_schema },
    ]);
  });
});

test('a stored agent that has no other tools is asked without any', async () => {
  expect((await askedBy({ tools: [badSchema({ type: 'nope' })] }))?.tools).toBeUndefined();
});

test('a stored agent of 42 tools has the first 32 that can be used', async () => {
  const tools = Array.from({ length: 42 }, (_, index) => ({ ...good, name: `tool-${index}` }));
  const asked = await askedBy({ tools: [bad({ name: '' }), ...tools] });
  expect(asked?.tools?.map((tool) => 'name' in tool && tool.name)).toEqual(
    tools.slice(0, 32).map(({ name }) => name),
  );
});

test.each([0, -1, 1.5, '7', null, 1e300])('a stored limit of %j tokens is none', async (max_tokens) => {
  expect((await askedBy({ max_tokens }))?.max_tokens).toBe(16_000);
});

test('a stored limit above the deployment’s is that of the deployment', async () => {
  expect((await askedBy({ max_tokens: 999_999 }))?.max_tokens).toBe(16_000);
});

test('stored instructions with half a character are told without it', async () => {
  const asked = await askedBy({ instructions: 'Be \ud83d brief.' });
  expect(asked?.system).toMatchObject([{ text: 'Be \ufffd brief.' }, {}]);
});

test('a stored agent’s usable tool is called', async () => {
  const { ask } = await threadWith({ tools: [badSchema({ type: 'nope' }), good] });
  const question = randomUUID();
  api.model.scripts.set(question, [callsTools(calls('toolu_1', 'good', {})), says('Done.')]);
  const { body } = await ask(question);
  expect([body.content, body.tool_calls]).toMatchObject(['Done.', [{ tool_name: 'good', error: null }]]);
});

test('a stored schema that is checked without end does not hold each call of an answer up', async () => {
  const endless = withProperty({ type: 'string', pattern: '^(a+)+$' });
  const { ask } = await threadWith({ tools: [{ ...good, input_schema: endless }] });
  const question = randomUUID();
  const round = Array.from({ length: 12 }, (_, index) =>
    calls(`toolu_${index}`, 'good', { a: `${'a'.repeat(60)}!` }),
  );
  api.model.scripts.set(question, [callsTools(...round), says('Never mind.')]);
  const limits = countTimedRuns();
  const { body } = await ask(question);
  expect(body.content).toBe('Never mind.');
  const errors = (body.tool_calls as { error: string }[]).map(({ error }) => error);
  expect(errors).toEqual(Array(12).fill(expect.stringContaining('takes too long')));
  const [ofTools, ...ofCalls] = limits.map(Number);
  expect(ofTools).toBe(2_000);
  expect(ofCalls.length).toBeLessThan(12);
  expect(ofCalls.reduce((sum, limit) => sum + limit)).toBeLessThan(12_000); // each its own: 24,000
});

describe('a strict tool', () => {
  const strict = (name: string, rest: object) => ({
    ...good,
    name,
    strict: true,
    input_schema: object(rest),
  });

  test('is told to the model as strict where it can be, and only there', async () => {
    const closed = { additionalProperties: false };
    const asked = await askedBy({
      model: 'claude-opus-5-5',
      tools: [strict('closed', closed), strict('open', {}), { ...strict('lax', closed), strict: false }],
    });
    const told = (asked?.tools ?? []) as { name: string; strict?: boolean }[];
    expect(told.map((tool) => [tool.name, tool.strict])).toEqual([
      ['closed', true],
      ['open', undefined],
      ['lax', undefined],
    ]);
    expect(api.model.refusals).toEqual([]);
  });

  test('is so twenty times in a request, and not more often', async () => {
    const tools = Array.from({ length: 22 }, (_, index) =>
      strict(`t${index}`, { additionalProperties: false }),
    );
    const told = ((await askedBy({ tools }))?.tools ?? []) as { strict?: boolean }[];
    expect([told.length, told.filter((tool) => tool.strict === true).length]).toEqual([22, 20]);
  });
});
