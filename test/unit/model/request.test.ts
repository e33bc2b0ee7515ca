import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import { type Message, type Role, textMessage } from '../../../functions/domain/message.ts';
import { requestOf } from '../../../functions/model/request.ts';
import { OPERATOR } from '../../support/operator.ts';

const options = { model: 'claude-sonnet-5-5', maxTokens: 100, contextTokens: 1_000_000, ...OPERATOR };
const message = (role: Role, text: string): Message => ({ ...textMessage(role, text), id: newId(0) });
const asked = (history: [Role, string][], model = options.model) =>
  requestOf(
    history.map(([role, text]) => message(role, text)),
    { ...options, model },
  );

describe('system messages', () => {
  test('before the first other message stand behind the deployment’s own text, which says whose they are', () => {
    const { system, messages } = asked([
      ['system', 'A'],
      ['system', 'B'],
      ['user', 'hi'],
    ]);
    expect(system).toEqual([
      { type: 'text', text: 'Be kind.' },
      { type: 'text', text: 'A' },
      { type: 'text', text: 'B' },
    ]);
    expect(messages).toEqual([{ role: 'user', content: 'hi' }]);
  });

  test('before the first user message do so too, behind an answer that came first', () => {
    const { system, messages } = asked([
      ['assistant', 'Hi, I am here.'],
      ['system', 'Be brief.'],
      ['user', 'x'],
    ]);
    expect(system).toMatchObject([{}, { text: 'Be brief.' }]);
    expect(messages).toEqual([
      { role: 'user', content: '[earlier assistant message]\nHi, I am here.' },
      { role: 'user', content: 'x' },
    ]);
  });

  test('between a user’s message and an answer stay there in their role', () => {
    const { messages } = asked([
      ['user', 'hi'],
      ['system', 'S'],
      ['assistant', 'yo'],
      ['user', 'bye'],
    ]);
    expect(messages[1]).toEqual({ role: 'system', content: 'S' });
  });

  test('anywhere else, or for a model that knows no such role, stay there as labelled user text', () => {
    const label = { role: 'user', content: '[system message]\nS' };
    expect(
      asked([
        ['user', 'a'],
        ['assistant', 'b'],
        ['system', 'S'],
        ['user', 'c'],
      ]).messages[2],
    ).toEqual(label);
    const history: [Role, string][] = [
      ['user', 'hi'],
      ['system', 'S'],
      ['assistant', 'yo'],
      ['user', 'bye'],
    ];
    expect(asked(history, 'claude-opus-4-5').messages[1]).toEqual(label);
    expect(asked(history, 'claude-opus-4-8').messages[1]).toMatchObject({ role: 'system' });
  });
});

const anyHistory = fc.array(
  fc
    .tuple(fc.constantFrom<Role>('user', 'assistant', 'system', 'tool'), fc.string())
    .map(([role, text]) => message(role, text)),
  { maxLength: 12 },
);

describe('any history', () => {
  test('makes a request that starts with the user, ends with the question and has no blank text', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        const { messages } = requestOf([...history, message('user', 'question')], options);
        expect(messages[0]?.role).toBe('user');
        expect(messages.at(-1)).toEqual({ role: 'user', content: 'question' });
        expect(messages.every(({ content }) => typeof content === 'string' && content.trim() !== '')).toBe(
          true,
        );
      }),
    );
  });

  test('extends the request for its beginning byte by byte', () => {
    fc.assert(
      fc.property(anyHistory, anyHistory, (beginning, more) => {
        const first = [...beginning, message('user', 'first')];
        const second = [...first, message('assistant', 'answer'), ...more, message('user', 'second')];
        const [before, after] = [requestOf(first, options), requestOf(second, options)];
        const { messages: _before, ...others } = before;
        expect(JSON.stringify(after)).toContain(JSON.stringify(others).slice(1, -1));
        // But for the closing brackets, the bytes that the model's cache knows.
        const known = JSON.stringify(before.messages).slice(0, -1);
        expect(JSON.stringify(after.messages).slice(0, known.length)).toBe(known);
      }),
      { numRuns: 1_000 },
    );
  });
});
