import { expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import { type Message, type ToolCall, textMessage } from '../../../functions/domain/message.ts';
import { type RequestOptions, requestOf } from '../../../functions/model/request.ts';
import { inputTokens, promptCache } from '../../../lib/local/messages-api/prompt-cache.ts';
import { refusalOf } from '../../../lib/local/messages-api/rules.ts';
import { OPERATOR } from '../../support/operator.ts';

const OPTIONS = { model: 'claude-sonnet-5-5', maxTokens: 100, contextTokens: 1_000_000, ...OPERATOR };

/** Long enough to be cached. */
const question = (words: string): Message => ({ ...textMessage('user', words.repeat(1_000)), id: newId(0) });
const calls = (rounds: number, each: number): ToolCall[] =>
  Array.from({ length: rounds * each }, (_, index) => ({
    id: newId(0),
    name: 'look',
    index,
    arguments: {},
    result: { found: index },
    error: null,
    startedAtMs: 0,
    endedAtMs: 1,
    round: Math.floor(index / each),
    textLength: 0,
  }));
const answer = (toolCalls: ToolCall[], text = 'So it is.'): Message => ({
  ...textMessage('assistant', text),
  id: newId(0),
  toolCalls: toolCalls.length > 0 ? toolCalls : null,
});

/** What a request reads of a cache that has seen others, and what it may read at most. */
function readAfter(others: readonly Message[][], history: Message[], options: RequestOptions = OPTIONS) {
  const cache = promptCache();
  const requests = [...others, history].map((each) => requestOf(each, options));
  expect(requests.map(refusalOf)).toEqual(requests.map(() => null));
  const read = requests.map((request) => cache.bill(request, 0).read).at(-1);
  return { read, sentBefore: inputTokens(requests.at(-2) ?? { messages: [] }) };
}

const ROUNDS: readonly (readonly [number, number])[] = [
  ...[0, 1, 2, 5, 6, 7, 8, 9, 10].map((rounds) => [rounds, 1] as const),
  ...[5, 7, 8, 9, 10, 20, 50].map((each) => [1, each] as const),
  [10, 5],
];

test.each(ROUNDS)(
  'a question reads from the model’s cache all that was sent with the one before, after %d rounds of %d calls',
  (rounds, each) => {
    const first = [question('a ')];
    const second = [...first, answer(calls(rounds, each)), question('b ')];
    const { read, sentBefore } = readAfter([first], second);
    expect(read).toBe(sentBefore);
    const third = [...second, answer(calls(rounds, each)), question('c ')];
    const later = readAfter([first, second], third);
    expect(later.read).toBe(later.sentBefore);
  },
);

test.each<[string, Message[]]>([
  ['several questions in a row', [question('b '), question('c ')]],
  ['a system message before it', [{ ...textMessage('system', 'Be brief.'), id: newId(0) }, question('b ')]],
])('so it does with %s', (_what, asked) => {
  const first = [question('a ')];
  const { read, sentBefore } = readAfter([first], [...first, answer(calls(10, 2)), ...asked]);
  expect(read).toBe(sentBefore);
});

test.each<[string, Message]>([
  [
    'a system message that came while it was answered',
    { ...textMessage('system', 'Be brief.'), id: newId(0) },
  ],
  ['an answer that came from elsewhere', answer([], 'Hello.')],
])('so it does with %s', (_what, between) => {
  const first = [question('a ')];
  const second = [...first, between, answer(calls(10, 2)), question('b ')];
  const { read, sentBefore } = readAfter([first], second);
  expect(read).toBe(sentBefore);
});

test('so it does where the history begins with an answer of many calls, and nothing is before that', () => {
  const first = [answer(calls(10, 2)), question('a ')];
  const { read, sentBefore } = readAfter([first], [...first, answer(calls(10, 2)), question('b ')]);
  expect(read).toBe(sentBefore);
  expect(refusalOf(requestOf(first, OPTIONS))).toBeNull();
});

test('every request of an answer extends the one before it, breakpoint included', () => {
  const history = [question('a '), answer(calls(10, 2)), question('b ')];
  const rounds = calls(2, 1).map((call) => ({
    blocks: [{ type: 'tool_use', id: call.id, name: call.name, input: {} } as const],
    calls: [call],
  }));
  const [first, second, third] = [0, 1, 2].map(
    (count) => requestOf(history, { ...OPTIONS, rounds: rounds.slice(0, count) }).messages,
  );
  expect(JSON.stringify(first)).toContain('cache_control');
  expect(second?.slice(0, first?.length)).toEqual(first);
  expect(third?.slice(0, second?.length)).toEqual(second);
});
