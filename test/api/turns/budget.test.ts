import { describe, expect, test } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import * as keys from '../../../functions/store/keys.ts';
import { SCHEMA_VERSION } from '../../../functions/store/stored-item.ts';
import { startApi } from '../../support/api.ts';
import { leaveShare, spentOf, today } from '../../support/budgets.ts';
import { conversationWith } from '../../support/conversations.ts';
import { leaveDeadTurn } from '../../support/dead-turn.ts';
import { says } from '../../support/model-events.ts';
import { fails } from '../../support/scripted-model.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { held, itemOf, threadOf } from '../../support/turns.ts';

const MAX_TOKENS = 4_096;
/** One turn of a short thread fits, two do not. */
const BUDGET = 12_000;
Object.assign(process.env, { TOKEN_BUDGET: String(BUDGET), MODEL_MAX_TOKENS: String(MAX_TOKENS) });
const api = await startApi();

describe.each(KINDS)('a token budget that $name is answered from', (kind) => {
  test('is spent by what the model reports, and what was only reserved is given back', async () => {
    const { ask, owner, turn } = await threadOf(api, kind);
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const asking = ask('Q');
    await only.asked;
    const running = await spentOf(api, kind.tenant(owner));
    expect(running.used).toBe(0);
    expect(running.taken).toBeGreaterThan(MAX_TOKENS);
    only.release();
    const { total_tokens } = (await turn((await asking).turn.id)).body.usage;
    expect(await spentOf(api, kind.tenant(owner))).toEqual({
      used: total_tokens,
      taken: total_tokens,
      running: 0,
    });
    const stored = await itemOf(api, keys.tokenBudget(kind.tenant(owner), today()));
    expect(stored?.v).toBe(SCHEMA_VERSION);
  });

  test('that is taken by a running turn refuses the next, which may try again soon, and stores nothing', async () => {
    const { ask, owner } = await threadOf(api, kind);
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const asking = ask('Q');
    await only.asked;
    const other = await threadOf(api, kind, owner);
    const refused = await other.ask('Q');
    expect([refused.status, refused.body]).toMatchObject([429, kind.refusal('rate_limited')]);
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(await other.messages()).toEqual([]);
    only.release();
    await asking;
    expect((await other.ask('Q')).status).toBe(200);
  });

  test('that is used up refuses until the day (UTC) is over', async () => {
    const { ask, streamed } = await threadOf(api, kind);
    api.model.script.push(says('Much', 'end_turn', { output_tokens: BUDGET }));
    expect((await ask('Q')).status).toBe(200);
    for (const refused of [await ask('Q'), (await streamed('Q')).response]) {
      expect(refused.status).toBe(429);
      const untilTomorrow = (Date.parse(today()) + 24 * 60 * 60 * 1_000 - Date.now()) / 1_000;
      expect(Math.abs(Number(refused.headers.get('retry-after')) - untilTomorrow)).toBeLessThan(60);
    }
  });

  test('is each tenant’s own', async () => {
    const { ask } = await threadOf(api, kind);
    api.model.script.push(says('Much', 'end_turn', { output_tokens: BUDGET }));
    await ask('Q');
    expect((await ask('Q')).status).toBe(429);
    expect((await (await threadOf(api, kind)).ask('Q')).status).toBe(200);
  });

  test('for one more turn is not spent by two of 50 that start at the same time', async () => {
    const { owner } = await threadOf(api, kind);
    const before = api.model.asked.length;
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const threads = await Promise.all(Array.from({ length: 50 }, () => threadOf(api, kind, owner)));
    let refused = 0;
    const all = threads.map(async ({ ask }) => {
      const { status } = await ask('Q');
      if (status === 429) refused += 1;
      return status;
    });
    await expect.poll(() => refused).toBe(49);
    only.release();
    const statuses = await Promise.all(all);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 49 }, () => 429)]);
    expect(api.model.asked.length - before).toBe(1);
  });

  test('gets back what a turn that failed, or whose function died, had reserved', async () => {
    const { ask, say, owner, thread, turn } = await threadOf(api, kind);
    api.model.script.push(fails(400));
    expect((await ask('Q')).status).toBe(500);
    expect(await spentOf(api, kind.tenant(owner))).toEqual({ used: 0, taken: 0, running: 0 });
    const usage = { promptTokens: 30, completionTokens: 12, cachedTokens: 0 }; // as older versions stored it
    const id = newId(Date.now());
    const share = { id, sent: 25, said: 0, held: 5_000 };
    const turnId = await leaveDeadTurn(api.table, thread, {
      messageId: await say('Q'),
      turnId: id,
      reservation: await leaveShare(api, kind.tenant(owner), share),
      said: [{ text: 'Half', usage }],
    });
    expect((await spentOf(api, kind.tenant(owner))).taken).toBe(5_000);
    const { body } = await turn(turnId);
    expect([body.status, body.assistant_message.metadata.usage_details.estimated]).toEqual([
      'incomplete',
      undefined,
    ]);
    expect(await spentOf(api, kind.tenant(owner))).toMatchObject({ used: 42, taken: 42 });
  });

  test('counts what the thread already holds', async () => {
    const { ask, say } = await threadOf(api, kind);
    await say('x'.repeat(BUDGET * 3));
    expect((await ask('Q')).status).toBe(429);
  });
});

test('a budget that is used up does not refuse a message that asks for no answer', async () => {
  const { ask, append } = await conversationWith(api);
  api.model.script.push(says('Much', 'end_turn', { output_tokens: BUDGET }));
  await ask('Q');
  expect((await ask('Q')).status).toBe(429);
  expect((await append({ role: 'user', content: 'by the way' })).status).toBe(200);
});
