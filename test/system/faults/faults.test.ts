import { expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { operation, thingsFor } from '../../support/examples.ts';
import { person } from '../../support/people.ts';
import {
  checkLeftOvers,
  checkList,
  checkThread,
  itemsByEntity,
  settleTurns,
  type Written,
} from './checks.ts';
import { count, failingDatabase, failingModel, slowDatabase, type Tally } from './faults.ts';
import { insist, SURFACES } from './threads.ts';

/** `npm run prove:faults` goes on for three minutes, with `--full` until 10,000 messages are acknowledged. */
const SECONDS = Number(process.env.FAULTS_SECONDS) || 8;
const MESSAGES = Number(process.env.FAULTS_MESSAGES) || Infinity;
const LONGEST_SECONDS = Number.isFinite(MESSAGES) ? 3_600 : SECONDS;
/** Of each API; they share their threads, and are in each other's way. */
const WRITERS = 3;
/** So many are said in a thread before there is another. */
const IN_A_THREAD = 60;

process.env.TURN_LEASE_MS = '2000';
const api = await startApi();

test('whatever fails, every acknowledged message is there once and in order, and nothing is left over', {
  timeout: (LONGEST_SECONDS + 300) * 1_000,
}, async () => {
  const tally: Tally = {};
  const threads: Written[] = [];
  let acknowledged = 0;
  const owners = await Promise.all(
    SURFACES.map(async (surface) => {
      const owner = await person(api);
      const { agent_id = '' } = await thingsFor(api, operation('agent-chat/create-thread'), owner);
      return { surface, owner, agentId: String(agent_id) };
    }),
  );
  const undo = [api.database.intercept(failingDatabase(tally)), api.database.witness(slowDatabase)];
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), LONGEST_SECONDS * 1_000);

  const write = async ({ surface, owner, agentId }: (typeof owners)[number], writer: number) => {
    for (let said = 0; !enough.signal.aborted; said += 1) {
      // Where all are full another is opened, in which the others go on, too.
      const open = threads.filter((each) => each.surface === surface && each.texts.length < IN_A_THREAD);
      let thread = open[Math.floor(Math.random() * open.length)];
      if (!thread) {
        const made = await insist(api, surface.create(owner, agentId), new AbortController().signal);
        thread = { surface, owner, agentId, id: surface.idIn(made?.body), texts: [] };
        threads.push(thread);
      }
      const text = `${surface.name}-${writer} ${String(said).padStart(6, '0')}`;
      const asks = Math.random() < 0.3;
      api.model.scripts.set(text, failingModel(tally, `Answer to ${text}`));
      thread.texts.push(text); // it is insisted on until it is acknowledged
      const request = surface.say(owner, thread, { text, asks });
      const answer = await insist(api, request, new AbortController().signal);
      count(tally, `${surface.name} ${answer?.status}`);
      acknowledged += 1;
      if (acknowledged >= MESSAGES) enough.abort();
    }
  };
  await Promise.all(
    owners.flatMap((each) => Array.from({ length: WRITERS }, (_, writer) => write(each, writer))),
  );
  clearTimeout(timer);
  for (const each of undo) each();

  await settleTurns(api, threads);
  const items = await itemsByEntity(api);
  const messages = threads.map((thread) => checkThread(thread, items)).reduce((sum, each) => sum + each, 0);
  for (const surface of SURFACES)
    await checkList(
      api,
      threads.filter((each) => each.surface === surface),
    );
  checkLeftOvers(items);
  process.stderr.write(`${acknowledged} acknowledged, ${messages} messages in ${threads.length} threads\n`);
  process.stderr.write(`${JSON.stringify(tally, null, 1)}\n`);
  expect(acknowledged).toBeGreaterThan(20);
});
