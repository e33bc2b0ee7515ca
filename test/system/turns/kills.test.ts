import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import type { Tenancy } from '../../../functions/domain/principal.ts';
import { inputTokens } from '../../../lib/local/messages-api/prompt-cache.ts';
import { outputTokens } from '../../../lib/local/model-stand-in.ts';
import { startApi } from '../../support/api.ts';
import { askedFor } from '../../support/asked.ts';
import { heldIn, spentOf } from '../../support/budgets.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { workerInProcesses } from '../../support/run-function.ts';
import type { Metered, Reaction } from '../../support/scripted-model.ts';
import { isAlive, stateOf } from '../../support/started.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

/** In all. `npm run prove:kills` takes more of them. */
const ROUNDS = Number(process.env.KILLS) || 18;
Object.assign(process.env, { TURN_LEASE_MS: '2000', TOKEN_BUDGET: '1000000' });
const processes: number[] = [];
const api = await startApi({ run: workerInProcesses(processes) });

const WORDS = ['One, ', 'two, ', 'three, ', 'four, ', 'five.'];
const WHOLE = WORDS.join('');
/** An answer that takes about 750 ms, of which the log has a part by then. It reports what the model counts. */
const slowly = (): Reaction => (request, outgoing) =>
  streams(
    start({ input_tokens: inputTokens(request) }),
    opened,
    ...WORDS.flatMap((word) => [150, piece(word)]),
    ...stopped('end_turn', { output_tokens: outputTokens(WHOLE.length) }),
    'end',
  )(request, outgoing);

type Thread = Awaited<ReturnType<typeof threadOf>>;
/** How an answer has ended, or null where there is none yet. */
type End = { readonly status: string; readonly content: string } | null;

/** By the worker: where it dies, who waits for it is told so, and the thread is free at once. */
async function asked({ ask, lease }: Thread, question: string, key: string): Promise<End> {
  const { status, turn, answer } = await ask(question, { 'idempotency-key': key });
  expect([200, 500]).toContain(status);
  expect(await lease()).toBeUndefined();
  return status === 200 ? { status: turn.status, content: answer.content } : null;
}

/** By the function that streams: with it the stream dies, and the turn once somebody looks after its lease. */
async function streamed({ streamed: stream }: Thread, question: string, key: string): Promise<End> {
  try {
    const { response, events } = await stream(question, { 'idempotency-key': key });
    if (response.status !== 200) return null;
    for await (const { event, data } of events)
      if (event === 'done' && data.assistant_message)
        return { status: data.status, content: data.assistant_message.content };
    return null;
  } catch {
    return null; // it was cut
  }
}

const WAYS = [asked, streamed];
const CASES = KINDS.flatMap((kind) => WAYS.map((way) => ({ kind, way, in: kind.name, made: way.name })));
const EACH = Math.ceil(ROUNDS / CASES.length);

/** Function processes that are at work: the others are stopped. */
const atWork = () => processes.filter((pid) => isAlive(pid) && stateOf(pid) !== 'T');

/** All that the model was asked for counts, but what a function had heard that died, and nothing else is taken. */
async function expectCounted(tenant: Tenancy['tenant'], requests: readonly Metered[]): Promise<void> {
  const costs = requests.map(({ input, output }) => input + output());
  const byModel = costs.reduce((sum, tokens) => sum + tokens, 0);
  const { used, taken } = await spentOf(api, tenant);
  const held = await heldIn(api, tenant); // by functions that died before they gave it back
  expect(taken).toBe(used + held);
  expect(taken).toBeGreaterThanOrEqual(byModel - Math.max(...costs));
}

let killed = 0;
const ends: Record<string, number> = {};
afterAll(() => {
  process.stderr.write(`${killed} functions killed: ${JSON.stringify(ends)}\n`);
  expect(killed).toBeGreaterThan(0);
});

describe.each(CASES)('an answer in $in that is $made', ({ kind, way }) => {
  test(`survives kill -9 at ${EACH} moments: the question is there once, at most one answer, the thread is free`, {
    timeout: EACH * 25_000,
  }, async () => {
    for (let round = 0; round < EACH; round += 1) {
      const thread = await threadOf(api, kind);
      const earlier = api.model.metered.length;
      const [question, key] = [randomUUID(), randomUUID()];
      api.model.scripts.set(question, [slowly(), slowly()]);
      const asking = way(thread, question, key);
      await wait(randomInt(1_000));
      for (const pid of atWork()) {
        process.kill(pid, 'SIGKILL');
        killed += 1;
      }
      const first = await asking;
      // A streamed one that has died is followed to its end, which may be without an answer, and then made again.
      const end = first ?? (await way(thread, question, key)) ?? (await way(thread, question, key));
      if (!end) throw new Error('There is no answer');
      expect(end.status === 'completed' ? end.content === WHOLE : WHOLE.startsWith(end.content)).toBe(true);
      expect(await thread.contents()).toEqual([question, end.content]);
      expect(await thread.lease()).toBeUndefined();
      // What was answered, in whole or in part, is not asked again.
      const before = askedFor(api, question).length;
      expect(await way(thread, question, key)).toEqual(end);
      expect(askedFor(api, question)).toHaveLength(before);
      expect(before).toBeLessThanOrEqual(2);
      expect((await thread.ask(randomUUID())).status).toBe(200);
      await expectCounted(kind.tenant(thread.owner), api.model.metered.slice(earlier));
      const how = `${way.name}, ${first ? 'at once' : 'again'}: ${end.status}`;
      ends[how] = (ends[how] ?? 0) + 1;
    }
  });
});
