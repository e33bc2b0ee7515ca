import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { ThreadRef } from '../../../functions/domain/thread-ref.ts';
import { lease, turnEntry } from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import type { DatabaseCall } from '../../support/database-proxy.ts';
import { allOf, type ReadEvent, spoken, textOf } from '../../support/events.ts';
import { opened, piece, start } from '../../support/model-events.ts';
import { browserAsk } from '../../support/readme.ts';
import { workerInProcesses } from '../../support/run-function.ts';
import { isAlive, stateOf } from '../../support/started.ts';
import { KINDS, type ThreadKind } from '../../support/thread-kinds.ts';
import { itemOf, threadOf, unfinished } from '../../support/turns.ts';

const LEASE_MS = 2_000;
process.env.TURN_LEASE_MS = String(LEASE_MS);
const processes: number[] = [];
const api = await startApi({ run: workerInProcesses(processes) });

/** Function processes that are at work: the others are stopped. */
const atWork = () => processes.filter((pid) => isAlive(pid) && stateOf(pid) !== 'T');

/** A thread with a question whose answer stops in the middle. */
async function halfAnswered(kind?: ThreadKind) {
  const made = await threadOf(api, kind);
  const question = randomUUID();
  api.model.scripts.set(question, [unfinished(start(), opened, piece('Half an answer')).reaction]);
  const seen: ReadEvent[] = [];
  return {
    ...made,
    question,
    seen,
    /** Waits until all of it is heard and logged, then kills what makes it. */
    kill: async () => {
      await expect.poll(() => textOf(seen)).toBe('Half an answer');
      const first = turnEntry(made.thread, turnIdOf(seen.at(-1)), 0);
      await expect.poll(() => itemOf(api, first)).toBeDefined();
      const [pid, another] = atWork();
      expect(another).toBeUndefined();
      process.kill(pid ?? Number.NaN, 'SIGKILL');
    },
  };
}

/** Counts from now on how often somebody looks at a thread's lease. */
function looksAtLease(thread: ThreadRef): () => number {
  let looks = 0;
  const isLook = ({ Key }: DatabaseCall['input']) =>
    JSON.stringify(Key) === JSON.stringify({ pk: { S: lease(thread).pk }, sk: { S: lease(thread).sk } });
  onTestFinished(
    api.database.listen(({ operation, input }) => {
      if (operation === 'GetItem' && isLook(input)) looks += 1;
    }),
  );
  return () => looks;
}

function turnIdOf(event: ReadEvent | undefined): string {
  return event?.id.split(':')[0] ?? '';
}

test.each(KINDS)(
  '$name: kill -9 of the function that streams cuts the stream; rejoined, it has what was logged and ends as incomplete within the lease',
  async (kind) => {
    const {
      streamed,
      rejoin,
      contents,
      ask,
      lease: held,
      question,
      seen,
      kill,
      thread,
    } = await halfAnswered(kind);
    const { events } = await streamed(question);
    const reading = async () => {
      for await (const event of events) seen.push(event);
    };
    const cut = expect(reading()).rejects.toThrow('terminated');
    await kill();
    const looks = looksAtLease(thread);
    await cut;

    const last = seen.at(-1);
    const turnId = turnIdOf(last);
    const rejoined = async (headers: Record<string, string>) => allOf((await rejoin(turnId, headers)).events);
    const [rest, whole] = await Promise.all([rejoined({ 'last-event-id': last?.id ?? '' }), rejoined({})]);
    // Two follow, and each looks every two seconds whether somebody still makes the answer. A slow machine looks less often.
    expect(looks()).toBeLessThanOrEqual(2 * (LEASE_MS / 2_000 + 2));
    expect(rest.map(({ event }) => event)).toEqual(['assistant_message', 'done']);
    expect(spoken(whole).map(({ event }) => event)).toEqual([
      'message',
      'turn',
      'delta',
      'assistant_message',
      'done',
    ]);
    expect(textOf(whole)).toBe('Half an answer');
    const stored = { content: 'Half an answer' };
    expect(rest.at(-1)?.data).toMatchObject({ status: 'incomplete', assistant_message: stored });
    expect(await contents()).toEqual([question, 'Half an answer']);
    expect(await held()).toBeUndefined();
    expect((await ask(randomUUID())).status).toBe(200);
  },
);

test('the README’s code for browsers comes back by itself when its connection breaks', async () => {
  const { owner, id, question, seen, kill } = await halfAnswered();
  const token = owner.bearer.authorization?.replace('Bearer ', '');
  const given = { streamUrl: `${api.url}/`, followUrl: `${api.url}/`, id, token, content: question };
  const asking = browserAsk()(given, (event) => seen.push(event));
  await kill();
  await asking;
  expect(spoken(seen).map(({ event }) => event)).toEqual([
    'message',
    'turn',
    'delta',
    'assistant_message',
    'done',
  ]);
  expect(seen.at(-1)?.data.status).toBe('incomplete');
});
