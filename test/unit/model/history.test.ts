import type { MessageParam } from '@anthropic-ai/sdk/resources/messages';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  answerMessage,
  type Draft,
  EMPTY_DRAFT,
  hasContent,
  type IncompleteReason,
} from '../../../functions/domain/answer.ts';
import { newId } from '../../../functions/domain/ids.ts';
import {
  type Message,
  type NewMessage,
  type Role,
  type ToolCall,
  textMessage,
} from '../../../functions/domain/message.ts';
import { requestOf } from '../../../functions/model/request.ts';
import type { Round } from '../../../functions/model/tool-rounds.ts';
import { refusalOf } from '../../../lib/local/messages-api/rules.ts';
import { OPERATOR } from '../../support/operator.ts';

const anyText = fc.oneof(fc.string(), fc.constantFrom('', ' ', '\n', '\u00a0'));

const appended = fc
  .tuple(fc.constantFrom<Role>('user', 'assistant', 'system', 'tool'), anyText)
  .map(([role, text]): NewMessage[] => [textMessage(role, text)]);

/** A round of calls, with what was said before it; `null` where a call never ended. */
const round = fc.record({
  before: anyText,
  outcomes: fc.array(fc.constantFrom({ result: { n: 1 } }, { error: 'refused' }, null), {
    minLength: 1,
    maxLength: 3,
  }),
});

/** What has been said of an answer when it ends, or whoever makes it dies: whole rounds, and some more text. */
const draft = fc.tuple(fc.array(round, { maxLength: 3 }), anyText).map(([rounds, rest]): Draft => {
  let text = '';
  const toolCalls: ToolCall[] = [];
  for (const [index, { before, outcomes }] of rounds.entries()) {
    text += before;
    for (const outcome of outcomes)
      toolCalls.push({
        id: `toolu_${newId(0)}`,
        name: 'tool',
        index: toolCalls.length,
        arguments: {},
        result: null,
        error: null,
        startedAtMs: 0,
        endedAtMs: outcome && 1,
        round: index,
        textLength: text.length,
        ...outcome,
      });
  }
  return Object.assign({}, EMPTY_DRAFT, { text: text + rest, toolCalls });
});

/** A question and how its turn ended: whole, cancelled, interrupted by the next, or with a crash. */
const asked = fc
  .tuple(
    anyText.filter((text) => text.trim() !== ''),
    draft,
    fc.constantFrom<IncompleteReason | null>(
      null,
      'cancelled',
      'interrupted',
      'internal_error',
      'max_tokens',
    ),
  )
  .map(([question, answer, incomplete]): NewMessage[] =>
    hasContent(answer)
      ? [textMessage('user', question), answerMessage(answer, incomplete)]
      : [textMessage('user', question)],
  );

const withId = (message: NewMessage): Message => ({ ...message, id: newId(0) });
const anyThread = fc
  .array(fc.oneof(appended, asked), { maxLength: 10 })
  .map((steps) => steps.flat().map(withId));

const question = withId(textMessage('user', 'question'));

test.each([
  ['claude-sonnet-5-5', 1_000_000],
  ['claude-opus-4-5', 1_000_000],
  ['claude-sonnet-5-5', 100],
])(
  'whatever was said, done, cancelled and lost can be asked about (%s, %d tokens)',
  (model, contextTokens) => {
    fc.assert(
      fc.property(anyThread, fc.nat(), (thread, length) => {
        const history = [...thread.slice(0, length % (thread.length + 1)), question];
        expect(
          refusalOf(requestOf(history, { model, maxTokens: 100, contextTokens, ...OPERATOR })),
        ).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  },
);

/** Rounds as a model that does not think says them: its text in two pieces, then its calls. */
function roundsOf({ text, toolCalls }: NewMessage): Round[] {
  const calls = toolCalls ?? [];
  const indexes = [...new Set(calls.map((call) => call.round))];
  let start = 0;
  return indexes.map((index) => {
    const called = calls.filter((call) => call.round === index);
    const before = text.slice(start, called[0]?.textLength);
    start += before.length;
    const pieces = [before.slice(0, 1), before.slice(1)].map(
      (each) => ({ type: 'text', text: each }) as const,
    );
    const uses = called.map(({ id, name }) => ({ type: 'tool_use', id, name, input: {} }) as const);
    return { blocks: [...pieces, ...uses], calls: called };
  });
}

/** Messages without breakpoints, which are no part of what the model's cache knows. */
function cachedAs(messages: readonly MessageParam[]): unknown[] {
  return messages.map(({ role, content }) => {
    if (typeof content === 'string') return { role, content };
    const blocks = content.map((block) => ({ ...block, cache_control: undefined }));
    const isMarked = content.some((block) => 'cache_control' in block);
    const [first] = blocks;
    return { role, content: isMarked && first?.type === 'text' ? first.text : blocks };
  });
}

test('a request in the middle of an answer is extended by every later one, byte by byte', () => {
  const options = { model: 'claude-sonnet-5-5', maxTokens: 100, contextTokens: 1_000_000, ...OPERATOR };
  fc.assert(
    fc.property(anyThread, draft, anyText, (thread, soFar, more) => {
      fc.pre(soFar.toolCalls.length > 0);
      const ended = answerMessage(
        { ...soFar, text: soFar.text.slice(0, soFar.toolCalls.at(-1)?.textLength) },
        null,
      );
      const during = requestOf([...thread, question], { ...options, rounds: roundsOf(ended) });
      expect(refusalOf(during)).toBeNull();
      const whole = { ...ended, text: ended.text + more, id: newId(0) };
      const after = requestOf([...thread, question, whole, question], options);
      const known = JSON.stringify(cachedAs(during.messages)).slice(0, -1);
      expect(JSON.stringify(cachedAs(after.messages)).slice(0, known.length)).toBe(known);
    }),
    { numRuns: 1_000 },
  );
});

test('system messages at the start that are longer than any prompt leave room for the rest', () => {
  const long = 'x'.repeat(256 * 1_024);
  const rules = withId(textMessage('system', 'Be brief.'));
  const thread = [rules, ...Array.from({ length: 40 }, () => withId(textMessage('system', long))), question];
  const settings = { model: 'claude-sonnet-5-5', maxTokens: 100, contextTokens: 150_000, ...OPERATOR };
  const request = requestOf(thread, settings);
  expect(refusalOf(request)).toBeNull();
  expect(request.system).toHaveLength(OPERATOR.system.length + 2); // the rules, and one of any length
  expect(request.messages).toEqual([{ role: 'user', content: 'question' }]);
  const later = requestOf([...thread, question, question], settings);
  expect(later.system).toEqual(request.system);
});

test.each([1, 3])(
  'a history that is read from an answer with %d calls on begins with the user all the same',
  (count) => {
    const calls = Array.from(
      { length: count },
      (_, index): ToolCall => ({
        id: 'toolu_1',
        name: 'tool',
        index,
        arguments: {},
        result: null,
        error: null,
        startedAtMs: 0,
        endedAtMs: 1,
        round: index,
        textLength: 0,
      }),
    );
    const answer = withId({ ...textMessage('assistant', ''), toolCalls: calls });
    const options = { model: 'claude-sonnet-5-5', maxTokens: 100, contextTokens: 1_000, ...OPERATOR };
    expect(refusalOf(requestOf([answer, question], options))).toBeNull();
  },
);
