import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { rememberCalls, thoughtFor } from '../../../lib/local/messages-api/thinking.ts';
import { thinkingBlock } from '../../../lib/local/messages-api/thinking-events.ts';
import { agentThreadWith } from '../../support/agent-threads.ts';
import { startApi } from '../../support/api.ts';
import { askedWith, lastAsked } from '../../support/asked.ts';
import { conversationWith } from '../../support/conversations.ts';
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
import type { Reaction } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

const tools = await startLocalTools();
const api = await startApi();

const stopsFor = (reason: string, ...steps: object[]): Reaction =>
  streams(start(), ...steps, ...stopped(reason), 'end');

describe.each(KINDS)('in $name', (kind) => {
  test('thinking that leaves no room for words is an answer without any, which says why', async () => {
    const { ask, messages } = await threadOf(api, kind);
    api.model.script.push(says('', 'max_tokens'));
    const { status, answer } = await ask('Q');
    expect([status, answer.content, answer.metadata.incomplete_reason]).toEqual([200, '', 'max_tokens']);
    api.model.script.push(says('A.'));
    expect((await ask('And?')).answer.content).toBe('A.');
    expect(await messages()).toHaveLength(4);
  });

  test('what a model thinks is nowhere in what is stored', async () => {
    const { ask, messages, turn } = await threadOf(api, kind);
    const asked = await ask('Q');
    const everything = [asked.body, await messages(), (await turn(asked.turn.id)).body];
    expect(JSON.stringify(api.model.asked.at(-1)?.thinking)).toContain('summarized');
    expect(JSON.stringify(everything)).not.toContain('Let me think');
  });

  test('blocks of an earlier answer are not sent', async () => {
    const { ask } = await threadOf(api, kind);
    const next = randomUUID();
    await ask(randomUUID());
    await ask(next);
    expect(JSON.stringify(askedWith(api, next))).not.toContain('"thinking":"');
  });
});

describe('a tool', () => {
  const redacted = { type: 'redacted_thinking', data: 'EncRYpTeD+/=' };
  const withTools = (names: readonly string[]) =>
    agentThreadWith(api, { configuration: { tools: names.map((name) => tools.toolNamed(name)) } });

  test('is called between thoughts, which go back as they came, and numbers keep all digits', async () => {
    const { ask } = await withTools(['weather']);
    tools.answers.set('/weather', { json: '{"degrees":21}' });
    const question = randomUUID();
    const input = '{"city":"Rome","n":12345678901234567890,"e":1e400}';
    const thoughts: unknown[] = [];
    const thinksAndCalls =
      (id: string): Reaction =>
      (request, outgoing) => {
        const thought = thoughtFor(request);
        if (!thought) throw new Error('It does not think');
        rememberCalls(request, thought, [id]);
        thoughts.push({ type: 'thinking', ...thought });
        return streams(
          start(),
          ...thinkingBlock(thought),
          { type: 'content_block_start', index: 5, content_block: redacted },
          { type: 'content_block_stop', index: 5 },
          opened,
          piece('Let me '),
          piece('look.'),
          ...calls(id, 'weather', input),
          ...stopped('tool_use'),
          'end',
        )(request, outgoing);
      };
    api.model.scripts.set(question, [thinksAndCalls('toolu_1'), thinksAndCalls('toolu_2'), says('21.')]);
    const { body, text } = await ask(question);
    expect(body.content).toBe('Let me look.Let me look.21.');
    expect(text).toContain(input.slice(1, -1));
    const third = askedWith(api, question).at(-1);
    const contents = third?.messages.filter(({ role }) => role === 'assistant').map(({ content }) => content);
    const said = (id: string, thought: unknown) => [
      thought,
      redacted,
      { type: 'text', text: 'Let me look.' },
      expect.objectContaining({ type: 'tool_use', id }) as unknown,
    ];
    expect(contents).toEqual([said('toolu_1', thoughts[0]), said('toolu_2', thoughts[1])]);
  });

  test('may be all that there is to say', async () => {
    const { ask, read } = await withTools(['act']);
    const question = randomUUID();
    api.model.scripts.set(question, [callsTools(calls('toolu_1', 'act', {})), stopsFor('end_turn')]);
    const { status, body } = await ask(question);
    expect([status, body.content, body.turn.status]).toEqual([200, '', 'completed']);
    expect(body.tool_calls).toHaveLength(1);
    expect(body.metadata.incomplete_reason).toBeUndefined();
    expect((await ask('And?')).body.content).toMatch(/^Answer/u);
    expect((await read()).body.messages).toHaveLength(4);
  });

  test('is called for up to sixteen calls of a round at the same time', async () => {
    const { ask } = await withTools(['slow']);
    let running = 0;
    let most = 0;
    tools.answers.set('/slow', async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 50));
      running -= 1;
      return { json: '{}' };
    });
    const round = Array.from({ length: 40 }, (_, index) => calls(`toolu_${index}`, 'slow', {}));
    const question = randomUUID();
    api.model.scripts.set(question, [callsTools(...round), says('Done.')]);
    const { body } = await ask(question);
    expect([body.content, body.tool_calls.length]).toEqual(['Done.', 40]);
    expect(body.tool_calls.every(({ error }: { error: string | null }) => error === null)).toBe(true);
    expect(most).toBe(16);
  });
});

test('a conversation is answered with the deployment’s effort', async () => {
  const { ask } = await conversationWith(api);
  await ask('Q');
  expect(lastAsked(api)).toMatchObject({
    max_tokens: 16_000,
    thinking: { type: 'adaptive', display: 'summarized' },
    output_config: { effort: 'medium' },
  });
});
