import Anthropic from '@anthropic-ai/sdk';
import { afterAll, describe, expect, test } from 'vitest';
import { argumentsFault, toolSchemaFaults } from '../../../functions/tools/schema.ts';
import { listen } from '../../../lib/local/listen.ts';
import { createModelStandIn } from '../../../lib/local/model-stand-in.ts';
import { argumentsFor } from '../../../lib/local/stand-in-arguments.ts';

const { port, close } = await listen(createModelStandIn(), 0);
afterAll(close);
const client = new Anthropic({ apiKey: 'any', baseURL: `http://127.0.0.1:${port}`, maxRetries: 0 });
const request = { model: 'm', max_tokens: 10, messages: [{ role: 'user' as const, content: 'Hello 👋!' }] };

test('the stand-in answers the SDK in JSON and as events alike, and says what it is', async () => {
  const whole = await client.messages.create(request);
  const streamed = await client.messages.stream(request).finalMessage();
  expect(whole.content).toEqual([{ type: 'text', text: expect.stringContaining('stand-in') }]);
  expect(whole.content).toEqual([{ type: 'text', text: expect.stringContaining('Hello 👋!') }]);
  expect(streamed.content).toEqual(whole.content);
  expect(streamed.stop_reason).toBe('end_turn');
  expect(streamed.usage).toMatchObject({ output_tokens: whole.usage.output_tokens });
  expect(whole.usage.output_tokens).toBeGreaterThan(0);
});

test('asked for a title, it says what the question begins with', async () => {
  const opening = { question: 'How much water should I drink, and when?', answer: 'Two litres.' };
  const messages = [{ role: 'user' as const, content: JSON.stringify(opening) }];
  const { content } = await client.messages.create({ ...request, messages });
  expect(content).toEqual([{ type: 'text', text: 'About: How much water should I' }]);
});

test('it serves nothing else', async () => {
  await expect(client.models.list()).rejects.toMatchObject({ status: 404 });
});

describe('a tool', () => {
  const properties = { city: { type: 'string', examples: ['Rome'] }, days: { type: 'integer', minimum: 3 } };
  const input_schema = { type: 'object' as const, properties, required: ['city', 'days'] };
  const tools = ['Get-Time', 'weather', 'water'].map((name) => ({ name, description: name, input_schema }));
  const ask = (content: string, more: object = {}) => ({
    ...request,
    tools,
    messages: [{ role: 'user' as const, content }],
    ...more,
  });

  test('that the question names is called, in JSON and as events alike, and what it answers is said', async () => {
    const asked = ask('How is the WEATHER, the water?');
    const whole = await client.messages.create(asked);
    const streamed = await client.messages.stream(asked).finalMessage();
    const call = { type: 'tool_use', name: 'weather', input: { city: 'Rome', days: 3 } };
    const [id, again] = [whole, streamed].map(({ content, stop_reason }) => {
      expect([stop_reason, content]).toEqual(['tool_use', [expect.objectContaining(call)]]);
      return content[0]?.type === 'tool_use' ? content[0].id : '';
    });
    expect(id).not.toBe(again);
    const outcome = { type: 'tool_result' as const, tool_use_id: id ?? '', content: '{"degrees":21}' };
    const goOn = (changed: object) =>
      client.messages.create({
        ...asked,
        messages: [
          ...asked.messages,
          { role: 'assistant', content: whole.content },
          { role: 'user', content: [{ ...outcome, ...changed }] },
        ],
      });
    const said = async (changed: object) => JSON.stringify((await goOn(changed)).content);
    expect(await said({})).toContain(JSON.stringify('weather answered: {"degrees":21}').slice(1));
    expect(await said({ is_error: true, content: 'The tool is away' })).toContain(
      'weather failed: The tool is away',
    );
  });

  test.each([
    ['is not named', 'What of underwater-weather?', {}],
    ['may not be called', 'How is the weather?', { tool_choice: { type: 'none' } }],
  ])('that %s is not called', async (_why, question, more) => {
    const { content, stop_reason } = await client.messages.create(ask(question, more));
    expect([stop_reason, content]).toEqual([
      'end_turn',
      [{ type: 'text', text: expect.stringContaining(question) }],
    ]);
  });

  test.each<[object, unknown]>([
    [{ type: 'string' }, 'the question'],
    [{ type: 'string', maxLength: 3 }, 'the'],
    [{ type: ['integer', 'null'] }, 1],
    [{ type: 'number', maximum: -2.5 }, -2.5],
    [{ type: 'boolean' }, true],
    [{ type: 'null' }, null],
    [{ type: 'array', items: { type: 'string' } }, []],
    [{ type: 'object', properties: { a: { type: 'boolean' }, b: {} }, required: ['a'] }, { a: true }],
    [{ enum: ['celsius', 'kelvin'] }, 'celsius'],
    [{ const: false }, false],
    [{ type: 'integer', default: 0 }, 0],
    [{}, 'the question'],
  ])('that asks for %j is given %j', (value, expected) => {
    const schema = { type: 'object', properties: { value, other: {} }, required: ['value'] };
    expect(toolSchemaFaults([{ inputSchema: schema }])).toEqual([null]);
    const given = argumentsFor(schema, 'the question');
    expect([given, argumentsFault(schema, given, { leftMs: 2_000, now: Date.now })]).toEqual([
      { value: expected },
      null,
    ]);
  });
});
