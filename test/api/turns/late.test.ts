import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { messageTokens } from '../../../functions/domain/tokens.ts';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { spentOf } from '../../support/budgets.ts';
import { expireLease } from '../../support/dead-turn.ts';
import { allOf } from '../../support/events.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { fails, type Reaction } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { itemOf, logEntries, threadOf } from '../../support/turns.ts';

const LEASE_MS = 2_000;
Object.assign(process.env, { TURN_LEASE_MS: String(LEASE_MS), TOKEN_BUDGET: '1000000' });
const api = await startApi();

/** About what the deployment's own system text comes to, which the scripted model does not count. */
const ESTIMATED_SYSTEM = 150;

type Thread = Awaited<ReturnType<typeof threadOf>>;
const BUSY = { status: 500, type: 'InternalServerError' };

/** Has the database fail at the end of the next turn of a thread, for so long. */
function failAtTheEnd(thread: Thread['thread'], forMs: number): () => void {
  const pk = keys.threadPk(thread);
  let untilMs = Infinity;
  return api.database.intercept(({ operation, input }) => {
    const text = JSON.stringify(input);
    if (!text.includes(pk)) return undefined;
    const isEnd = operation === 'TransactWriteItems' && text.includes('"Delete":');
    if (isEnd && untilMs === Infinity) untilMs = Date.now() + forMs;
    return untilMs !== Infinity && Date.now() < untilMs ? BUSY : undefined;
  });
}

describe.concurrent('an answer is stored although the database fails at its end for', () => {
  const ways: readonly [string, (thread: Thread) => Promise<void>][] = [
    [
      'made by the worker',
      async ({ ask }) => {
        const { status, turn } = await ask('Why?');
        expect([status, turn.status]).toEqual([200, 'completed']);
      },
    ],
    [
      'streamed',
      async ({ streamed }) => {
        const { events } = await streamed('Why?');
        expect((await allOf(events)).at(-1)).toMatchObject({ event: 'done', data: { status: 'completed' } });
      },
    ],
  ];
  const cases = [300, 3 * LEASE_MS + 1_000].flatMap((forMs) =>
    ways.map(([how, run]) => ({ forMs, how, run })),
  );
  test.each(cases)('$forMs ms, $how', async ({ forMs, run }) => {
    const thread = await threadOf(api);
    const undo = failAtTheEnd(thread.thread, forMs);
    await run(thread).finally(undo);
    expect(await thread.contents()).toHaveLength(2);
    expect(await thread.lease()).toBeUndefined();
    expect((await thread.ask('Next')).status).toBe(200);
  });
});

const FIRST = 'One, ';
/** Nothing with this reaches the database before it is let through. */
const last = () => `two, ${randomUUID()}`;

/** What becomes of an answer that is whole, while its maker cannot write and somebody else has ended its turn. */
async function late(
  kind: (typeof KINDS)[number],
  {
    first = FIRST,
    second = [],
    end,
  }: {
    first?: string;
    /** What the model does with the same question again. */
    second?: readonly Reaction[];
    end: (thread: Thread & { again: () => Promise<{ status: number }> }, turnId: string) => Promise<unknown>;
  },
) {
  const thread = await threadOf(api, kind);
  const [question, rest, key] = [randomUUID(), last(), randomUUID()];
  const said = first === '' ? [] : [piece(first), 600];
  api.model.scripts.set(question, [
    streams(start(), opened, ...said, piece(rest), ...stopped('end_turn'), 'end'),
    ...second,
  ]);
  let refused = 0;
  const undo = api.database.intercept(({ input }) => {
    if (!JSON.stringify(input).includes(rest)) return undefined;
    refused += 1;
    return BUSY;
  });
  const asking = thread.ask(question, { 'idempotency-key': key });
  await expect.poll(() => refused).toBeGreaterThan(0);
  const { turnId } = (await thread.lease()) as { turnId: string };
  await end(Object.assign(thread, { again: () => thread.ask(question, { 'idempotency-key': key }) }), turnId);
  const before = await thread.messages();
  undo();
  const logged = api.logged.length;
  await asking;
  const dropped = () =>
    api.logged.slice(logged).some((line) => line.includes('"dropped_bytes":') && line.includes(turnId));
  const shown = (await thread.turn(turnId)).body;
  return { ...thread, turnId, question, whole: first + rest, before, shown, dropped };
}

/** Lets somebody else see a lease that has expired. */
async function expire({ thread, turn }: Thread, turnId: string, status: string): Promise<void> {
  await expireLease(api, thread);
  expect((await turn(turnId)).body.status).toBe(status);
}

describe.each(KINDS)('in $name an answer that is ready after its turn was ended', (kind) => {
  test('by the expiry of its lease replaces what was stored, which it begins with, once', async () => {
    const made = await late(kind, { end: (thread, turnId) => expire(thread, turnId, 'incomplete') });
    const { thread, question, whole, before, shown, turnId } = made;
    expect(before.map(({ content }) => content as string)).toEqual([question, FIRST]);
    const after = await made.messages();
    expect(after.map(({ id, content }) => [id, content])).toEqual([
      [before[0].id, question],
      [before[1].id, whole],
    ]);
    expect(shown).toMatchObject({ status: 'completed', error: null, assistant_message: after[1] });
    const head = await itemOf(api, keys.head(thread));
    const tokens = [question, whole].map((text) => messageTokens({ text, toolCalls: null }));
    expect(head).toMatchObject({
      messageCount: 2,
      tokens: tokens.reduce((a, b) => a + b),
      gsi1sk: after[1].id,
    });
    expect(await itemOf(api, keys.turn(thread, turnId))).not.toHaveProperty('isExpired');
    expect((await logEntries(api, thread, turnId)).at(-1)).toMatchObject({ isEnd: true });
    expect(made.dropped()).toBe(false);
    // Somebody else had counted what was said by then, by an estimate; the whole counts once.
    const { used, ...spent } = await spentOf(api, kind.tenant(made.owner));
    expect(spent).toEqual({ taken: used, running: 0 });
    expect(used).toBeGreaterThanOrEqual(shown.usage.total_tokens);
    expect(used).toBeLessThanOrEqual(1.5 * shown.usage.total_tokens + ESTIMATED_SYSTEM);
    expect((await made.ask('Next')).status).toBe(200);
  });

  test('by the expiry of its lease is stored where nothing was', async () => {
    const made = await late(kind, { first: '', end: (thread, turnId) => expire(thread, turnId, 'failed') });
    expect(made.before).toHaveLength(1);
    expect(await made.contents()).toEqual([made.question, made.whole]);
    expect(made.shown).toMatchObject({ status: 'completed', error: null });
    expect(made.shown.assistant_message.content).toBe(made.whole);
    expect(await itemOf(api, keys.head(made.thread))).toMatchObject({ messageCount: 2 });
  });

  const DROPPED: readonly [
    string,
    string,
    (thread: Thread & { again: () => Promise<{ status: number }> }, turnId: string) => Promise<unknown>,
  ][] = [
    [
      'where a message has followed',
      FIRST,
      async (thread, turnId) => {
        await expire(thread, turnId, 'incomplete');
        await thread.say('by the way');
      },
    ],
    [
      'where nothing was stored and a message has followed',
      '',
      async (thread, turnId) => {
        await expire(thread, turnId, 'failed');
        await thread.say('by the way');
      },
    ],
    [
      'where its question has another turn, which has failed',
      '',
      async (thread, turnId) => {
        await expire(thread, turnId, 'failed');
        expect((await thread.again()).status).toBe(500);
      },
    ],
    ['by a cancel', FIRST, (thread, turnId) => thread.cancel(turnId)],
    ['by a cancel before its first word', '', (thread, turnId) => thread.cancel(turnId)],
    ['by an interrupt', FIRST, (thread) => thread.interrupt('Next')],
  ];
  test.each(DROPPED)('%s is dropped, and its size is logged', async (_when, first, end) => {
    const { messages, before, whole, shown, dropped } = await late(kind, {
      first,
      end,
      second: first === '' ? [fails(400)] : [],
    });
    expect(await messages()).toEqual(before);
    expect(shown.status).not.toBe('completed');
    expect(JSON.stringify(shown)).not.toContain(whole);
    await expect.poll(dropped).toBe(true);
    expect(api.logged.join('')).not.toContain(whole);
  });
});
