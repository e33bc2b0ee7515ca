import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message, Role } from '../../../functions/domain/message.ts';
import { messageTokens } from '../../../functions/domain/tokens.ts';
import { changeHead } from '../../../functions/store/advance-head.ts';
import { readHead } from '../../../functions/store/heads.ts';
import { readHistory } from '../../../functions/store/history.ts';
import { startKept } from '../../../functions/store/history-start.ts';
import { readPage } from '../../../functions/store/message-pages.ts';
import { startApi } from '../../support/api.ts';
import { fillThread } from '../../support/long-thread.ts';
import { sayIn } from '../../support/say.ts';
import { says } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

const api = await startApi();
const BUDGET = 1_000;

const tokensOf = (messages: readonly Message[]) =>
  messages.reduce((sum, each) => sum + messageTokens(each), 0);
const idsOf = (messages: readonly Message[]) => messages.map(({ id }) => id);
/** Up to a third of the budget each, mostly far less. */
const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 600, maxLength: 900 }) },
);
const other = fc.record({ role: fc.constantFrom<Role>('assistant', 'system', 'tool', 'user'), text });
/** What is said before each question. */
const anyThread = fc.array(fc.record({ before: fc.array(other, { maxLength: 6 }), question: text }), {
  minLength: 1,
  maxLength: 12,
});

/** The system messages before a thread's first user's message, as far as three quarters of the budget go. */
function openingOf(all: readonly Message[]): Message[] {
  const first = all.findIndex(({ role }) => role === 'user');
  let left = (BUDGET * 3) / 4;
  return all.slice(0, first).filter((message) => {
    if (message.role !== 'system' || messageTokens(message) > left) return false;
    left -= messageTokens(message);
    return true;
  });
}

describe('what a model is sent of a thread', () => {
  test('is its opening and its end, from a user’s message on, within the budget, and seldom begins elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(anyThread, async (rounds) => {
        const { thread } = await threadOf(api);
        let begins: string | undefined;
        let moves = 0;
        for (const { before, question } of rounds) {
          for (const each of before) await sayIn(thread, each.text, each.role);
          const lastId = await sayIn(thread, question);
          const head = (await readHead(thread)) ?? {};
          const { messages, newStart, isWhole } = await readHistory(thread, { head, lastId, budget: BUDGET });
          if (newStart) await keep(thread, newStart);
          const all = await allOf(thread);
          const opening = openingOf(all);
          if (isWhole) expect(idsOf(messages)).toEqual(idsOf(all));
          const sent = isWhole
            ? messages.filter(({ id }) => !idsOf(opening).includes(id))
            : messages.slice(opening.length);
          if (!isWhole) {
            expect(idsOf(messages.slice(0, opening.length))).toEqual(idsOf(opening));
            expect(idsOf(sent)).toEqual(idsOf(all.slice(-sent.length)));
            expect(sent[0]?.role).toBe('user');
            const isLastTurn = sent.filter(({ role }) => role === 'user').length === 1;
            if (!isLastTurn) expect(tokensOf(messages)).toBeLessThanOrEqual(BUDGET);
          } else expect(tokensOf(messages)).toBeLessThanOrEqual(BUDGET);
          const start = isWhole ? all[0]?.id : sent[0]?.id;
          if (begins !== undefined && start !== begins) moves += 1;
          begins = start;
        }
        const all = await allOf(thread);
        const step = (BUDGET - tokensOf(openingOf(all))) / 2;
        expect(moves).toBeLessThanOrEqual(Math.ceil(tokensOf(all) / step));
      }),
      { numRuns: 10 },
    );
  });

  test.each(KINDS)('begins where $name keeps that it began, until that is too long', async (kind) => {
    process.env.MODEL_CONTEXT_TOKENS = String(BUDGET);
    const { ask, thread } = await threadOf(api, kind);
    const firsts: string[] = [];
    for (let asked = 0; asked < 12; asked += 1) {
      api.model.script.push(says(`A${asked} ${'a'.repeat(140)}`));
      expect((await ask(`Q${asked} ${'q'.repeat(140)}`)).status).toBe(200);
      const [first] = api.model.asked.at(-1)?.messages ?? [];
      firsts.push(JSON.stringify(first).slice(0, 80));
    }
    // A pair is about 105 tokens: after nine it is too long, and then half of the budget is kept.
    expect(new Set(firsts).size).toBe(2);
    expect(await readHead(thread)).toMatchObject({ historyFrom: expect.any(String) as string });
    delete process.env.MODEL_CONTEXT_TOKENS;
  });

  test('is read although the head’s estimate is wrong', async () => {
    const { thread } = await threadOf(api);
    const texts = Array.from({ length: 100 }, (_, index) => ({
      role: 'user' as const,
      text: `${index} ${'x'.repeat(200)}`,
    }));
    const messages = await fillThread(api.table, thread, texts);
    const lastId = String(messages.at(-1)?.id);
    for (const tokens of [0, 1, 10 ** 9]) {
      const head = { ...(await readHead(thread)), tokens };
      const history = await readHistory(thread, { head, lastId, budget: BUDGET });
      expect(history.messages.at(-1)?.id).toBe(lastId);
      expect(tokensOf(history.messages)).toBeLessThanOrEqual(BUDGET);
      expect(tokensOf(history.messages)).toBeGreaterThan(BUDGET / 3);
    }
  });
});

/** Has the head keep where a history begins, as who stores an answer does. */
async function keep(
  thread: Parameters<typeof readHead>[0],
  start: Parameters<typeof startKept>[0],
): Promise<void> {
  const { Update } = changeHead(thread, startKept(start));
  if (Update) await api.table.client.send(new UpdateCommand({ TableName: api.table.name, ...Update }));
}

async function allOf(thread: Parameters<typeof readHead>[0]): Promise<readonly Message[]> {
  const page = await readPage(thread, { order: 'asc', after: null, limit: 1_000 });
  return page?.messages ?? [];
}
