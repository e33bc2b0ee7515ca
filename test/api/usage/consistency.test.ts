import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputTokens } from '../../../lib/local/messages-api/prompt-cache.ts';
import { outputTokens } from '../../../lib/local/model-stand-in.ts';
import { startApi } from '../../support/api.ts';
import { makersEnded } from '../../support/budgets.ts';
import { expireLease } from '../../support/dead-turn.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { person } from '../../support/people.ts';
import { fails, type Reaction } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';
import { nanosOf, sumOf, USAGE, usageOf } from '../../support/usage.ts';

const api = await startApi();
const PIECE = 'Two litres at the very least. ';

/** What becomes of an answer. */
const FATES = [
  'whole',
  'cancelled',
  'interrupted',
  'killed',
  'late',
  'cut',
  'refused',
  'overloaded',
] as const;
const answer = fc.record({
  kind: fc.constantFrom(...KINDS),
  fate: fc.constantFrom(...FATES),
  pieces: fc.nat(4),
  afterMs: fc.nat(400),
  isRetried: fc.boolean(),
  /** Whether its thread gets a title, and what becomes of that. */
  title: fc.constantFrom('written', 'refused', 'twice', 'none'),
});
type Plan = typeof answer extends fc.Arbitrary<infer T> ? T : never;
const plan = fc.record({
  answers: fc.array(answer, { minLength: 2, maxLength: 8 }),
  /** Of how many transactions one loses its answer. */
  lostOf: fc.integer({ min: 2, max: 6 }),
});

/** What the scripted model has reported of titles that it has given. */
const titles: { prompt: number; completion: number }[] = [];

function speaks(
  pieces: number,
  ending: 'whole' | 'cut' | 'silence',
  after: Promise<unknown> = Promise.resolve(),
): Reaction {
  const output = {
    output_tokens: outputTokens(pieces * PIECE.length) + 3,
    output_tokens_details: { thinking_tokens: 3 },
  };
  const said = Array.from({ length: pieces }, () => piece(PIECE));
  const steps = { whole: [...stopped('end_turn', output), 'end'], cut: ['cut'], silence: [] }[ending];
  return (request, outgoing) => {
    const usage = {
      input_tokens: inputTokens(request),
      cache_read_input_tokens: 11,
      cache_creation_input_tokens: 5,
    };
    return streams(start(usage), opened, ...said, after, ...steps)(request, outgoing);
  };
}

async function live(
  { kind, fate, pieces, afterMs, isRetried }: Plan,
  owner: Awaited<ReturnType<typeof person>>,
) {
  const thread = await threadOf(api, kind, owner);
  const question = `${randomUUID()} How much water?`;
  const key = { 'idempotency-key': randomUUID() };
  const late = Promise.withResolvers<void>();
  const reactions: Readonly<Record<Plan['fate'], Reaction[]>> = {
    whole: [speaks(pieces + 1, 'whole')],
    cut: [speaks(pieces, 'cut')],
    refused: [fails(400)],
    overloaded: [fails(529), speaks(pieces + 1, 'whole')],
    late: [speaks(pieces + 1, 'whole', late.promise)],
    cancelled: [speaks(pieces, 'silence')],
    interrupted: [speaks(pieces, 'silence')],
    killed: [speaks(pieces, 'silence')],
  };
  api.model.scripts.set(question, [...reactions[fate], speaks(pieces, 'cut'), speaks(1, 'whole')]);
  const asking = thread.ask(question, key);
  if (['cancelled', 'interrupted', 'killed', 'late'].includes(fate)) {
    await expect.poll(thread.lease, { interval: 20 }).toBeDefined();
    await wait(afterMs);
    const turnId = String((await thread.lease())?.turnId);
    if (fate === 'cancelled') await thread.cancel(turnId);
    if (fate === 'interrupted') await thread.interrupt(randomUUID());
    if (fate === 'killed' || fate === 'late') await thread.turn(await expireLease(api, thread.thread));
    late.resolve();
  }
  await asking;
  if (isRetried) await thread.ask(question, key);
  return thread;
}

/** Titles of these threads, as the queue would have them written: events may come twice, and models refuse. */
async function writeTitles(threads: readonly { id: string; title: Plan['title'] }[]): Promise<void> {
  const events = api.lambda.events.splice(0);
  for (const event of events) {
    const { thread } = event.payload as { thread: { id: string } };
    const fate = threads.find(({ id }) => id === thread.id)?.title ?? 'none';
    const write = () => Promise.resolve(api.handler(event.name)(event.payload)).catch(() => {});
    if (fate !== 'none') await titled(fate, write);
    if (fate === 'twice') await Promise.all([titled(fate, write), titled(fate, write)]);
  }
}

async function titled(fate: Plan['title'], write: () => Promise<unknown>): Promise<void> {
  const output = fate === 'refused' ? 0 : 4;
  api.model.script.push((request, outgoing) => {
    const prompt = inputTokens(request);
    titles.push({ prompt, completion: output });
    const reason = fate === 'refused' ? 'refusal' : 'end_turn';
    const said = fate === 'refused' ? [] : [piece('Water')];
    const steps = [
      start({ input_tokens: prompt }),
      opened,
      ...said,
      ...stopped(reason, { output_tokens: output }),
      'end',
    ];
    return streams(...steps)(request, outgoing);
  });
  await write();
}

/** Loses the answer of every n-th transaction, which the database has made. */
function losing(lostOf: number): () => void {
  let made = 0;
  return api.database.intercept(({ operation, loseAnswer }) => {
    if (operation !== 'TransactWriteItems') return undefined;
    made += 1;
    if (made % lostOf === 0) loseAnswer();
    return undefined;
  });
}

test('what is listed is the sum of what turns and titles have used, whatever becomes of them', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ answers, lostOf }) => {
      titles.length = 0;
      const owner = await person(api);
      const undo = losing(lostOf);
      const lived = answers.map(async (each) => ({ ...(await live(each, owner)), title: each.title }));
      const threads = await Promise.all(lived);
      await expect.poll(() => makersEnded(api)).toBe(api.lambda.jobs.length);
      await writeTitles(threads);
      undo();
      const turnIds = api.lambda.jobs.map((job) => job as { turnId: string; thread: { id: string } });
      const turns = await Promise.all(
        threads.flatMap((thread) =>
          turnIds
            .filter((job) => job.thread.id === thread.id)
            .map(async ({ turnId }) => (await thread.turn(turnId)).body),
        ),
      );
      const used = turns.filter(({ usage_details }) => usage_details !== null);
      const kinds = Object.keys(USAGE) as (keyof typeof USAGE)[]; // it has no others
      const days = (await Promise.all(kinds.map((kind) => usageOf(api, kind, owner)))).flat();
      const written = titles.map(({ prompt, completion }) => ({
        prompt_tokens: prompt,
        completion_tokens: completion,
        thinking_tokens: 0,
        cache_read_tokens: 0,
        cache_write_tokens: 0,
      }));
      expect(sumOf(days)).toEqual(sumOf([...used.map(({ usage_details }) => usage_details), ...written]));
      const count = (name: 'answers' | 'titles') => days.reduce((sum, day) => sum + day[name], 0);
      expect([count('answers'), count('titles')]).toEqual([used.length, titles.length]);
      const costs = [...days, ...used].map(({ cost_usd }) => cost_usd as string | null);
      const known = (of: readonly (string | null)[]) => nanosOf(of.filter((cost) => cost !== null));
      const ofTitles = titles.map(({ prompt, completion }) => 2_000 * prompt + 10_000 * completion);
      // Only what died before it said its model has no price: it stands in a row of its own.
      expect(known(costs.slice(0, days.length))).toBe(
        known(costs.slice(days.length)) + ofTitles.reduce((sum, cost) => sum + cost, 0),
      );
    }),
    { numRuns: Number(process.env.USAGE_RUNS) || 4, endOnFailure: true },
  );
});
