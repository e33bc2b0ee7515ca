import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { says } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

/** `npm run bench:asking` measures so many; a test counts the round trips of a few. */
const ASKS = Number(process.env.ASKS) || 2;
/** How much longer a call of the database takes here than on this machine: to count them, longer than all else. */
const DELAY_MS = process.env.ASKS ? 5 : 40;
const MOST_ROUND_TRIPS = 3;

const api = await startApi();

interface Span {
  readonly fromMs: number;
  untilMs: number;
}

/** Asks, and notes when the database was called for the thread until the model was asked. */
async function asked(thread: Awaited<ReturnType<typeof threadOf>>, how: 'ask' | 'streamed') {
  const pk = keys.threadPk(thread.thread);
  const spans: Span[] = [];
  const undo = api.database.witness(async ({ input }) => {
    if (!JSON.stringify(input).includes(pk)) return;
    const span = { fromMs: performance.now(), untilMs: Infinity };
    spans.push(span);
    await wait(DELAY_MS);
    span.untilMs = performance.now();
  });
  const question = randomUUID();
  let askedAtMs = Infinity;
  api.model.scripts.set(question, [
    (request, outgoing) => {
      askedAtMs = performance.now();
      return says('Here.')(request, outgoing);
    },
  ]);
  const beganAtMs = performance.now();
  const answered = await thread[how](question);
  if ('response' in answered) await answered.response.body?.cancel().catch(() => {});
  await expect.poll(() => askedAtMs).toBeLessThan(Infinity);
  undo();
  await expect.poll(thread.lease).toBeUndefined();
  return {
    tookMs: askedAtMs - beganAtMs,
    trips: roundTrips(spans.filter(({ fromMs }) => fromMs < askedAtMs)),
  };
}

/** How many of these follow on each other: what is asked while another is on its way takes no longer. */
function roundTrips(spans: readonly Span[]): number {
  let trips = 0;
  let untilMs = -Infinity;
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (span.fromMs < untilMs) continue;
    trips += 1;
    ({ untilMs } = span);
  }
  return trips;
}

describe.each(KINDS)('in $name the model is asked', (kind) => {
  test.each([
    { way: 'ask', trips: MOST_ROUND_TRIPS },
    { way: 'streamed', trips: MOST_ROUND_TRIPS - 1 },
  ] as const)(
    'after at most $trips round trips to the database ($way)',
    { timeout: 300_000 },
    async ({ way, trips }) => {
      const thread = await threadOf(api, kind);
      const measured = [];
      await asked(thread, way); // loads what is loaded on demand
      for (let count = 0; count < ASKS; count += 1) measured.push(await asked(thread, way));
      const median =
        measured.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b)[Math.floor(ASKS / 2)] ?? 0;
      process.stderr.write(
        `${kind.name}, ${way}: ${measured[0]?.trips} round trips, median ${median.toFixed(1)} ms\n`,
      );
      if (!process.env.ASKS) for (const each of measured) expect(each.trips).toBeLessThanOrEqual(trips);
    },
  );
});
