import { randomUUID } from 'node:crypto';
import Anthropic from '@anthropic-ai/sdk';
import type { MessageParam } from '@anthropic-ai/sdk/resources/messages';
import { afterAll, describe, expect, test } from 'vitest';
import { listen } from '../../../lib/local/listen.ts';
import { createModelStandIn } from '../../../lib/local/model-stand-in.ts';

const { port, close } = await listen(createModelStandIn(), 0);
afterAll(close);
const client = new Anthropic({
  apiKey: 'any',
  baseURL: `http://127.0.0.1:${port}`,
  maxRetries: 0,
  timeout: 10_000,
});

const SONNET = 'claude-sonnet-5-5';
const question: MessageParam = { role: 'user', content: 'How is the weather?' };
const weather = { name: 'weather', description: 'Looks', input_schema: { type: 'object' as const } };
const asked = { model: SONNET, max_tokens: 5_000, messages: [question] };
const BOUND = 'The block is bound to a different conversation';
const EARLIER: MessageParam = { role: 'user', content: 'Hello' };
const HELLO: MessageParam = { role: 'assistant', content: 'Hello.' };
/** A request with members that the SDK's types know, or not any more. */
const create = (changed: object) => client.messages.create({ ...asked, ...changed });

describe('the stand-in for the Messages API', () => {
  test.each<[string, object]>([
    ['thinking off', { thinking: { type: 'disabled' } }],
    ['thinking by a budget', { thinking: { type: 'enabled', budget_tokens: 1_024 } }],
    [
      'thinking between tools alone, of Opus',
      { model: 'claude-opus-5-5', thinking: { type: 'between_tools' } },
    ],
    ['thinking off, of Opus', { model: 'claude-opus-5-5', thinking: { type: 'disabled' } }],
    [
      'thinking between tools alone, of Haiku',
      { model: 'claude-haiku-5-5', thinking: { type: 'between_tools' } },
    ],
    [
      'thinking between tools alone, with the most effort',
      { thinking: { type: 'between_tools' }, output_config: { effort: 'max' } },
    ],
    [
      'thinking off, with much effort',
      { model: 'claude-haiku-5-5', thinking: { type: 'disabled' }, output_config: { effort: 'xhigh' } },
    ],
    ['an effort that there is not', { output_config: { effort: 'extreme' } }],
    ['an effort of an older model', { model: 'claude-sonnet-4-6', output_config: { effort: 'low' } }],
    ['adaptive thinking of an older model', { model: 'claude-sonnet-4-6', thinking: { type: 'adaptive' } }],
    ['anything of a model that nobody knows', { model: 'x', thinking: { type: 'adaptive' } }],
    ['a temperature', { temperature: 0.5 }],
    ['top_p', { top_p: 0.5 }],
    ['top_k', { top_k: 5 }],
    ['a tool that must be called', { tools: [weather], tool_choice: { type: 'any' } }],
    ['one tool that must be called', { tools: [weather], tool_choice: { type: 'tool', name: 'weather' } }],
    ['the beginning of its answer', { messages: [question, { role: 'assistant', content: 'It is' }] }],
    ['no tokens', { max_tokens: 0 }],
    ['more tokens than it can make', { max_tokens: 128_001 }],
    ['two tools of one name', { tools: [weather, weather] }],
    ['blank text', { messages: [{ role: 'user', content: ' ' }] }],
  ])('refuses %s with 400, as the service does', async (_what, changed) => {
    await expect(create(changed)).rejects.toMatchObject({ status: 400, type: 'invalid_request_error' });
  });

  test.each<[string, object, boolean]>([
    [SONNET, {}, true],
    [SONNET, { thinking: { type: 'between_tools' } }, false],
    ['claude-opus-5-5', { output_config: { effort: 'max' } }, true],
    ['claude-haiku-5-5', {}, true],
    ['claude-haiku-5-5', { thinking: { type: 'disabled' } }, false],
    ['claude-sonnet-4-6', {}, false],
    ['claude-sonnet-4-6', { thinking: { type: 'enabled', budget_tokens: 1_024 } }, true],
  ])('thinks, or not, as %s does: %j', async (model, changed, thinks) => {
    const { content, usage } = await create({ model, ...changed });
    expect(content.map(({ type }) => type)).toEqual(thinks ? ['thinking', 'text'] : ['text']);
    expect((usage.output_tokens_details?.thinking_tokens ?? 0) > 0).toBe(thinks);
  });

  test.each([
    ['omitted', ''],
    ['summarized', expect.stringMatching(/think/u)],
  ] as const)('shows its thinking where that is %s', async (display, thinking) => {
    const { content } = await create({ thinking: { type: 'adaptive', display } });
    expect(content[0]).toEqual({ type: 'thinking', thinking, signature: expect.any(String) as string });
  });

  describe('takes what it thought before a call', () => {
    const calling = { tools: [weather], thinking: { type: 'adaptive', display: 'summarized' } };
    const goOn = async (
      changed: (content: object[]) => object[],
      first: object = calling,
      second = first,
    ) => {
      const { content } = await create(first);
      const call = content.find(({ type }) => type === 'tool_use');
      const outcome = {
        type: 'tool_result',
        tool_use_id: call && 'id' in call ? call.id : '',
        content: '{}',
      };
      const messages = [
        question,
        { role: 'assistant', content: changed(content) },
        { role: 'user', content: [outcome] },
      ];
      return create({ ...second, messages });
    };

    test('back as it is, and goes on', async () => {
      expect((await goOn((content) => content)).stop_reason).toBe('end_turn');
    });

    test.each<[string, (content: object[]) => object[]]>([
      ['without it', ([, ...others]) => others],
      ['with other words', ([thought, ...others]) => [{ ...thought, thinking: 'Nothing.' }, ...others]],
      ['with another signature', ([thought, ...others]) => [{ ...thought, signature: 'c2ln' }, ...others]],
    ])('back as it is, and not %s', async (_what, changed) => {
      await expect(goOn(changed)).rejects.toMatchObject({ status: 400 });
    });

    test.each<[string, object]>([
      ['model', { model: 'claude-opus-5-5' }],
      ['system', { system: 'Be brief.' }],
      ['tools', { tools: [{ ...weather, description: 'Looks again' }] }],
    ])('back behind what it came after, and not behind another %s', async (_what, changed) => {
      await expect(goOn((content) => content, calling, { ...calling, ...changed })).rejects.toMatchObject({
        status: 400,
      });
    });
  });

  describe('takes what it thought for an earlier answer', () => {
    const first = create({}).then(({ content }) => content);
    const next = { role: 'user', content: 'And tomorrow?' };

    test('back behind what it came after', async () => {
      const content = await first;
      const answered = await create({ messages: [question, { role: 'assistant', content }, next] });
      expect(answered.stop_reason).toBe('end_turn');
    });

    test('back from nobody who leaves it out', async () => {
      const [, ...content] = await first;
      await expect(
        create({ messages: [question, { role: 'assistant', content }, next] }),
      ).resolves.toMatchObject({ stop_reason: 'end_turn' });
    });

    test.each<[string, object]>([
      ['other instructions', { system: 'Be brief.' }],
      ['other tools', { tools: [weather] }],
      ['another model', { model: 'claude-opus-5-5' }],
    ])('back behind the same alone, and not behind %s', async (_what, changed) => {
      const content = await first;
      const messages = [question, { role: 'assistant', content }, next];
      await expect(create({ messages, ...changed })).rejects.toThrow(BOUND);
    });

    test.each<[string, (content: object[]) => object[]]>([
      ['before its question', (content) => [EARLIER, HELLO, question, { role: 'assistant', content }, next]],
      ['in its question', (content) => [EARLIER, { role: 'assistant', content }, next]],
      ['between them', (content) => [question, HELLO, question, { role: 'assistant', content }, next]],
    ])('back behind the same alone, and not where something is new %s', async (_what, messagesOf) => {
      const content = await first;
      await expect(create({ messages: messagesOf(content) })).rejects.toThrow(BOUND);
    });
  });

  test('bills what it has read before for less, and thoughts that come back with it', async () => {
    const messages = [{ role: 'user', content: `${randomUUID()} ${'How is the weather? '.repeat(200)}` }];
    const cached = { cache_control: { type: 'ephemeral' } };
    const answered = await create({ ...cached, messages });
    const { content } = answered;
    expect(answered.usage).toMatchObject({ input_tokens: 0, cache_read_input_tokens: 0 });
    const read = answered.usage.cache_creation_input_tokens;
    const [, ...said] = content;
    const asks = (blocks: object[]) =>
      create({ ...cached, messages: [...messages, { role: 'assistant', content: blocks }, question] });
    const [without, withThought] = [await asks(said), await asks(content)];
    expect(without.usage.cache_read_input_tokens).toBe(read);
    expect(withThought.usage.cache_read_input_tokens).toBe(read);
    const thought = answered.usage.output_tokens_details?.thinking_tokens ?? 0;
    expect(thought).toBeGreaterThan(0);
    const more = (withThought.usage.cache_creation_input_tokens ?? 0) - thought;
    expect(more).toBe(without.usage.cache_creation_input_tokens);
  });

  test('keeps nothing of a short prompt, or of one that does not ask for it', async () => {
    const usage = { cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
    const long = [{ role: 'user', content: `${randomUUID()} ${'long '.repeat(1_000)}` }];
    for (const changed of [{ cache_control: { type: 'ephemeral' } }, { messages: long }, { messages: long }])
      expect((await create(changed)).usage).toMatchObject(usage);
  });

  const marked = (text: string) => ({ type: 'text', text, cache_control: { type: 'ephemeral' } });
  test.each<[string, object]>([
    ['a fifth breakpoint', { messages: [{ role: 'user', content: ['a', 'b', 'c', 'd', 'e'].map(marked) }] }],
    [
      'a fifth breakpoint, with that of the whole request',
      {
        cache_control: { type: 'ephemeral' },
        messages: [{ role: 'user', content: ['a', 'b', 'c', 'd'].map(marked) }],
      },
    ],
  ])('refuses %s', async (_what, changed) => {
    await expect(create(changed)).rejects.toThrow('A maximum of 4 blocks with cache_control');
  });
});
