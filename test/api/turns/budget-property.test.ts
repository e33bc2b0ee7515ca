import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inputTokens } from '../../../lib/local/messages-api/prompt-cache.ts';
import { outputTokens } from '../../../lib/local/model-stand-in.ts';
import { startApi } from '../../support/api.ts';
import { heldIn, makersEnded, spentByUser, spentOf } from '../../support/budgets.ts';
import { expireLease } from '../../support/dead-turn.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { person } from '../../support/people.ts';
import { fails, type Reaction } from '../../support/scripted-model.ts';
import { CONVERSATION } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

Object.assign(process.env, {
  MODELS: 'claude-haiku-4-5', // which does not think: the model counts no thoughts
  TOKEN_BUDGET: '1000000',
  TOKEN_BUDGET_PER_USER: '1000000',
  MODEL_MAX_TOKENS: '4096',
});
const api = await startApi();

const PIECE = 'Two litres at the very least. '.repeat(10);

/** What becomes of an answer. */
const FATES = ['whole', 'cancelled', 'interrupted', 'killed', 'cut', 'refused', 'overloaded'] as const;
/** From outside, while the model is silent. */
const BROKEN_OFF: readonly string[] = ['cancelled', 'interrupted', 'killed'];
const answer = fc.record({
  fate: fc.constantFrom(...FATES),
  /** How much of it is said before. */
  pieces: fc.nat(4),
  /** How long the model has been going by then. */
  afterMs: fc.nat(400),
  questionLength: fc.integer({ min: 1, max: 3_000 }),
  /** Whether the request is made a second time with its key. */
  isRetried: fc.boolean(),
});
type Fate = typeof answer extends fc.Arbitrary<infer T> ? T : never;
/** Answers of one user in a few threads: those of a thread one after the other, the threads at the same time. */
const plan = fc.record({
  threads: fc.array(fc.array(answer, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  /** Of how many updates of budgets one loses its answer. */
  lostOf: fc.integer({ min: 2, max: 6 }),
});

/** Killed before its maker has begun, where the answer to what ends its share is lost. */
const ONCE_WRONG: [{ threads: Fate[][]; lostOf: number }][] = [1, 4].map((afterMs) => [
  {
    threads: [[{ fate: 'killed', pieces: 0, afterMs, questionLength: 9, isRetried: false }]],
    lostOf: 2,
  },
]);

/** A model that reports as the stand-in does, and says so much. @param ending what comes then; nothing: it stays silent */
function speaks(pieces: number, ending: 'whole' | 'cut' | 'silence'): Reaction {
  const output = { output_tokens: outputTokens(pieces * PIECE.length) };
  const said = Array.from({ length: pieces }, () => piece(PIECE));
  const steps = { whole: [...stopped('end_turn', output), 'end'], cut: ['cut'], silence: [] }[ending];
  return (request, outgoing) =>
    streams(start({ input_tokens: inputTokens(request) }), opened, ...said, ...steps)(request, outgoing);
}

const REACTIONS: Readonly<Record<Fate['fate'], (pieces: number) => Reaction[]>> = {
  whole: (pieces) => [speaks(pieces + 1, 'whole')],
  cut: (pieces) => [speaks(pieces, 'cut')],
  refused: () => [fails(400)],
  overloaded: (pieces) => [fails(529), speaks(pieces + 1, 'whole')],
  cancelled: (pieces) => [speaks(pieces, 'silence')],
  interrupted: (pieces) => [speaks(pieces, 'silence')],
  killed: (pieces) => [speaks(pieces, 'silence')],
};

type Thread = Awaited<ReturnType<typeof threadOf>>;

async function answerIn(thread: Thread, { fate, pieces, afterMs, questionLength, isRetried }: Fate) {
  const question = `${randomUUID()} ${'x'.repeat(questionLength)}`;
  const key = { 'idempotency-key': randomUUID() };
  api.model.scripts.set(question, [...REACTIONS[fate](pieces), speaks(pieces, 'cut'), speaks(1, 'whole')]);
  const asking = thread.ask(question, key);
  if (BROKEN_OFF.includes(fate)) {
    await expect.poll(thread.lease, { interval: 20 }).toBeDefined();
    await wait(afterMs);
    const turnId = String((await thread.lease())?.turnId);
    if (fate === 'cancelled') await thread.cancel(turnId);
    if (fate === 'interrupted') await thread.interrupt(randomUUID());
    if (fate === 'killed') await thread.turn(await expireLease(api, thread.thread));
  }
  await asking;
  if (isRetried) await thread.ask(question, key);
}

/** Loses the answer of every n-th update of a budget, which the database has made. */
function losing(lostOf: number): () => void {
  let updates = 0;
  return api.database.intercept(({ operation, input, loseAnswer }) => {
    if (operation !== 'UpdateItem' || !JSON.stringify(input.Key).includes('TOKENS#')) return undefined;
    updates += 1;
    if (updates % lostOf === 0) loseAnswer();
    return undefined;
  });
}

test('whatever becomes of answers, they count as at least what the model has, less one request, and nothing stays taken', async () => {
  await fc.assert(
    fc.asyncProperty(plan, async ({ threads, lostOf }) => {
      const owner = await person(api);
      const before = api.model.metered.length;
      const undo = losing(lostOf);
      const lives = threads.map(async (answers) => {
        const thread = await threadOf(api, CONVERSATION, owner);
        for (const each of answers) await answerIn(thread, each);
      });
      await Promise.all(lives).finally(undo);
      const tenant = CONVERSATION.tenant(owner);
      // Makers notice soon that their turns were ended, and those whose lease cannot be renewed at their own end.
      await expect.poll(() => makersEnded(api)).toBe(api.lambda.jobs.length);
      expect(await heldIn(api, tenant)).toBe(0);
      const requests = api.model.metered.slice(before).map(({ input, output }) => input + output());
      const byModel = requests.reduce((sum, tokens) => sum + tokens, 0);
      const { used, taken } = await spentOf(api, tenant);
      expect(taken).toBe(used);
      expect(await spentByUser(api, { tenant, caller: owner.userId })).toMatchObject({ used, taken });
      expect(used).toBeGreaterThanOrEqual(byModel - Math.max(0, ...requests));
      // The estimate is a third more and knows of the system text, and a request that is broken off may never arrive.
      const answers = threads.flat();
      const unheard = answers.filter(({ fate }) => BROKEN_OFF.includes(fate)).length;
      const longest = answers.reduce((sum, { questionLength }) => sum + questionLength, 0) / 4 + 200;
      const most = byModel + unheard * longest + 150 * (requests.length + unheard);
      expect(used).toBeLessThanOrEqual(1.5 * most);
    }),
    { numRuns: Number(process.env.BUDGET_RUNS) || 6, endOnFailure: true, examples: ONCE_WRONG },
  );
});
