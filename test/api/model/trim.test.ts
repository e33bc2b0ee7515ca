import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import { type Message, type Role, textMessage } from '../../../functions/domain/message.ts';
import { messageTokens } from '../../../functions/domain/tokens.ts';
import { trimmed } from '../../../functions/model/trim.ts';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';

const BUDGET = 1_000;
const message = (role: Role, text: string): Message => ({ ...textMessage(role, text), id: newId(0) });
const tokens = (history: readonly Message[]) => history.reduce((sum, each) => sum + messageTokens(each), 0);

/** A turn: a user's message, and what the assistant and tools say to it. */
const anyReply = fc
  .tuple(fc.constantFrom<Role>('assistant', 'tool', 'system'), fc.string({ maxLength: 300 }))
  .map(([role, text]) => message(role, text));
const anyTurn = fc
  .tuple(fc.string({ maxLength: 300 }), fc.array(anyReply, { maxLength: 3 }))
  .map(([question, replies]) => [message('user', question)].concat(replies));
const anyThread = fc.array(anyTurn, { minLength: 1, maxLength: 60 });

describe('a history that is too long', () => {
  test('fits, starts with a user’s message, is the end of the whole, and keeps the last turn', () => {
    fc.assert(
      fc.property(anyThread, (turns) => {
        const history = turns.flat();
        const kept = trimmed(history, BUDGET);
        expect(history.slice(-kept.length)).toEqual(kept);
        expect(kept[0]?.role).toBe('user');
        expect(kept.length).toBeGreaterThanOrEqual(turns.at(-1)?.length ?? 0);
        const isLastTurn = kept.length === turns.at(-1)?.length;
        if (!isLastTurn) expect(tokens(kept)).toBeLessThanOrEqual(BUDGET);
      }),
    );
  });

  test('loses its beginning in steps of half the budget: turn by turn the start moves seldom, and then far', () => {
    fc.assert(
      fc.property(anyThread, (turns) => {
        const history: Message[] = [];
        let moves = 0;
        let start: Message | undefined;
        for (const turn of turns) {
          history.push(...turn);
          const [first] = trimmed(history, BUDGET);
          if (start && first !== start) moves += 1;
          start = first;
        }
        expect(moves).toBeLessThanOrEqual(Math.ceil(tokens(history) / (BUDGET / 2)));
      }),
    );
  });

  test('keeps a last turn whole that alone is too long', () => {
    const long = 'x'.repeat(BUDGET * 3);
    const turn = [message('user', long), message('assistant', long), message('tool', 'short')];
    expect(trimmed([message('user', 'before'), ...turn], BUDGET)).toEqual(turn);
  });

  test('that fits is left alone', () => {
    const history = [message('assistant', 'Hi!'), message('user', 'Hello')];
    expect(trimmed(history, BUDGET)).toBe(history);
  });
});

test('the model is asked without what is too long ago, and always with what the conversation opened with', async () => {
  process.env.MODEL_CONTEXT_TOKENS = '110';
  const api = await startApi();
  const { append, ask } = await conversationWith(api);
  await append({ role: 'system', content: 'Be brief.' });
  for (let count = 0; count < 4; count += 1)
    await append({ role: 'user', content: String(count).repeat(90) });
  expect((await ask('And now?')).status).toBe(200);
  const request = api.model.asked.at(-1) as unknown as {
    system: { text: string }[];
    messages: { content: string }[];
  };
  expect(request.system.at(-1)?.text).toBe('Be brief.');
  expect(request.messages.map(({ content }) => content)).toEqual(['3'.repeat(90), 'And now?']);
});
