import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ThreadRef } from '../../../functions/domain/thread-ref.ts';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import type { DatabaseCall } from '../../support/database-proxy.ts';
import { expireLease, leaveDeadTurn } from '../../support/dead-turn.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { KINDS, type ThreadKind } from '../../support/thread-kinds.ts';
import { logEntries, textIn, threadOf } from '../../support/turns.ts';

const api = await startApi();

const PIECES = Array.from({ length: 60 }, (_, index) => `piece ${index} ü😀 `);
const WHOLE = PIECES.join('');
/** An answer that takes more than a second; in the middle it waits, if it is to, until it may go on. */
const slowly = (goOn = Promise.resolve()) =>
  streams(
    start(),
    opened,
    ...PIECES.flatMap((text, index) => [index === PIECES.length / 2 ? goOn : 20, piece(text)]),
    ...stopped('end_turn'),
    'end',
  );

const entriesOf = (thread: ThreadRef, turnId: string) => logEntries(api, thread, turnId);
const textOf = (entries: readonly Record<string, unknown>[]) => textIn(entries) ?? '';

/** A thread that is being answered slowly. */
async function slowThread(kind: ThreadKind, answer = slowly()) {
  const made = await threadOf(api, kind);
  const question = randomUUID();
  api.model.scripts.set(question, [answer]);
  const asking = made.ask(question);
  await expect.poll(made.lease).toBeDefined();
  const turnId = String((await made.lease())?.turnId);
  return { ...made, question, asking, turnId, entries: () => entriesOf(made.thread, turnId) };
}

/** The turn that was last begun in a thread, also where its answer does not name it. */
function turnIdIn(thread: ThreadRef): string {
  const jobs = api.lambda.jobs as { thread: ThreadRef; turnId: string }[];
  return jobs.findLast((job) => job.thread.id === thread.id)?.turnId ?? '';
}

describe.concurrent.each(KINDS)('the log of a turn in $name', (kind) => {
  test('has what is said while it is said, in few entries, each with the usage so far', async () => {
    const goOn = Promise.withResolvers<void>();
    const { asking, entries } = await slowThread(kind, slowly(goOn.promise));
    const half = PIECES.slice(0, PIECES.length / 2).join('');
    await expect.poll(async () => textOf(await entries())).toBe(half); // while it is said
    goOn.resolve();
    expect((await asking).answer.content).toBe(WHOLE);
    const all = await entries();
    expect(WHOLE.startsWith(textOf(all))).toBe(true);
    const said = all.slice(0, -1).filter(({ text }) => text !== ''); // before that the model is asked
    expect(said.length).toBeLessThan(PIECES.length / 3);
    for (const { usage } of said) expect(usage).toMatchObject({ promptTokens: 10 });
    for (const { spent } of said) expect(spent).toMatchObject({ promptTokens: 10, isEstimate: true });
    expect(all.map(({ isEnd }) => isEnd ?? false)).toEqual([...all.slice(1).map(() => false), true]);
  });

  test('expires after a day', async () => {
    const { asking, entries } = await slowThread(kind);
    await asking;
    const dayFromNow = Date.now() / 1_000 + 24 * 60 * 60;
    for (const { expires_at } of await entries())
      expect(Math.abs(Number(expires_at) - dayFromNow)).toBeLessThan(60);
  });

  test('is what a dead function has said: whoever looks makes it the answer', async () => {
    const { say, turn, thread, contents } = await threadOf(api, kind);
    const messageId = await say('Q');
    const said = [{ text: 'Half an ' }, { text: 'answer', usage: { promptTokens: 9, completionTokens: 2 } }];
    const turnId = await leaveDeadTurn(api.table, thread, { messageId, said });
    const { body: settled } = await turn(turnId);
    expect(settled).toMatchObject({
      status: 'incomplete',
      error: null,
      usage: { prompt_tokens: 9, completion_tokens: 2 },
      assistant_message: { content: 'Half an answer', metadata: { incomplete_reason: 'internal_error' } },
    });
    expect(await contents()).toEqual(['Q', 'Half an answer']);
  });

  test('is closed by whoever ends the turn: a function that wakes up late adds nothing to it', async () => {
    const woken = Promise.withResolvers<void>();
    const answer = streams(
      start(),
      opened,
      piece('Half'),
      woken.promise,
      piece(', and more'),
      ...stopped('end_turn'),
      'end',
    );
    const { asking, entries, thread, turn, turnId, contents, question } = await slowThread(kind, answer);
    await expect.poll(async () => textOf(await entries())).toBe('Half');
    await expireLease(api, thread);
    const half = { status: 'incomplete', assistant_message: { content: 'Half' } };
    expect((await turn(turnId)).body).toMatchObject(half);
    woken.resolve();
    await asking;
    const all = await entries();
    expect([textOf(all), all.at(-1)?.isEnd]).toEqual(['Half', true]);
    // The message may grow (late.test.ts), where its maker is not stopped first.
    const [asked, said] = await contents();
    expect(asked).toBe(question);
    expect(['Half', 'Half, and more']).toContain(said);
  });

  test('of an answer without text has its end alone', async () => {
    const { ask, thread } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [streams(...stopped('end_turn'), 'end')]);
    expect((await ask(question)).status).toBe(500);
    expect((await entriesOf(thread, turnIdIn(thread))).at(-1)).toMatchObject({ isEnd: true });
  });
});

/** Whether a call appends to the log of this thread. */
const isAppend = ({ operation, input }: DatabaseCall, thread: ThreadRef) =>
  operation === 'PutItem' && JSON.stringify(input).includes(`${keys.threadPk(thread)}#TURN#`);

describe.concurrent.each(KINDS)('when the table does not take entries of a turn in $name', (kind) => {
  test('the answer is whole all the same', async ({ onTestFinished }) => {
    const made = await threadOf(api, kind);
    onTestFinished(
      api.database.intercept((call) =>
        isAppend(call, made.thread) ? { status: 400, type: 'ThrottlingException' } : undefined,
      ),
    );
    const question = randomUUID();
    api.model.scripts.set(question, [slowly()]);
    expect((await made.ask(question)).answer.content).toBe(WHOLE);
  });

  test('its answers are lost: nothing stands in the log twice, and no entry changes', async ({
    onTestFinished,
  }) => {
    const made = await threadOf(api, kind);
    let calls = 0;
    let rewritten = 0;
    const entries = new Map<string, string>();
    onTestFinished(
      api.database.intercept((call) => {
        if (!isAppend(call, made.thread)) return undefined;
        const { sk, text } = call.input.Item as { sk: { S: string }; text: { S: string } };
        if ((entries.get(sk.S) ?? text.S) !== text.S) rewritten += 1;
        entries.set(sk.S, text.S);
        // The SDK's two retries as well, so that it is written once more by us.
        if ((calls += 1) % 4 !== 0) call.loseAnswer();
        return undefined;
      }),
    );
    const question = randomUUID();
    api.model.scripts.set(question, [slowly()]);
    const { answer, turn } = await made.ask(question);
    expect(answer.content).toBe(WHOLE);
    expect(calls).toBeGreaterThan(1);
    expect(rewritten, 'somebody may have read it by then').toBe(0);
    expect(WHOLE.startsWith(textOf(await entriesOf(made.thread, turn.id)))).toBe(true);
  });
});
