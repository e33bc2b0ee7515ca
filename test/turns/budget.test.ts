import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as keys from '../../functions/store/keys.ts';
import { startApi } from '../support/api.ts';
import { conversationWith } from '../support/conversations.ts';
import { leaveDeadTurn } from '../support/dead-turn.ts';
import { says } from '../support/model-events.ts';
import { fails } from '../support/scripted-model.ts';
import { held, itemOf, threadOf } from '../support/turns.ts';

const MAX_TOKENS = 1_000;
/** One turn of a short thread fits, two do not. */
const BUDGET = 2_000;
Object.assign(process.env, { TOKEN_BUDGET: String(BUDGET), MODEL_MAX_TOKENS: String(MAX_TOKENS) });
const api = await startApi();

/** What a brand has used and taken today. */
async function spentOf(brandId: string): Promise<{ used: number; taken: number }> {
  const item = await itemOf(api, keys.tokenBudget({ kind: 'BRAND', id: brandId }, today()));
  return { used: Number(item?.used ?? 0), taken: Number(item?.taken ?? 0) };
}
const today = () => new Date().toISOString().slice(0, 10);

describe('a token budget', () => {
  test('is spent by what the model reports, and what was only reserved is given back', async () => {
    const { ask, owner } = await threadOf(api);
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const asking = ask('Q');
    await only.asked;
    const running = await spentOf(owner.brandId);
    expect(running.used).toBe(0);
    expect(running.taken).toBeGreaterThan(MAX_TOKENS);
    only.release();
    const { total_tokens } = (await asking).body.assistant_message.token_usage;
    expect(await spentOf(owner.brandId)).toEqual({ used: total_tokens, taken: total_tokens });
  });

  test('that is taken by a running turn refuses the next, which may try again soon, and stores nothing', async () => {
    const { ask, owner } = await threadOf(api);
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const asking = ask('Q');
    await only.asked;
    const other = await conversationOf(owner);
    const refused = await other.ask('Q');
    expect([refused.status, refused.body.error, refused.headers.get('retry-after')]).toEqual([
      429,
      'rate_limited',
      '5',
    ]);
    expect((await other.list('')).body.total).toBe(0);
    only.release();
    await asking;
    expect((await other.ask('Q')).status).toBe(200);
  });

  test('that is used up refuses until the day (UTC) is over', async () => {
    const { ask, owner } = await threadOf(api);
    api.model.script.push(says('Much', 'end_turn', { output_tokens: BUDGET }));
    expect((await ask('Q')).status).toBe(200);
    const refused = await ask('Q');
    expect(refused.status).toBe(429);
    const untilTomorrow = (Date.parse(today()) + 24 * 60 * 60 * 1_000 - Date.now()) / 1_000;
    expect(Math.abs(Number(refused.headers.get('retry-after')) - untilTomorrow)).toBeLessThan(60);
    expect((await conversationOf(owner).then(({ append }) => append(QUESTION))).status).toBe(200);
  });

  test('is each tenant’s own', async () => {
    const { ask } = await threadOf(api);
    api.model.script.push(says('Much', 'end_turn', { output_tokens: BUDGET }));
    await ask('Q');
    expect((await ask('Q')).status).toBe(429);
    expect((await (await threadOf(api)).ask('Q')).status).toBe(200);
  });

  test('for one more turn is not spent by two of 50 that start at the same time', async () => {
    const { owner } = await threadOf(api);
    const before = api.model.asked.length;
    const only = held('Answer');
    api.model.script.push(only.reaction);
    const conversations = await Promise.all(Array.from({ length: 50 }, () => conversationOf(owner)));
    let refused = 0;
    const all = conversations.map(async ({ ask }) => {
      const { status } = await ask('Q');
      if (status === 429) refused += 1;
      return status;
    });
    await expect.poll(() => refused, { timeout: 20_000 }).toBe(49);
    only.release();
    const statuses = await Promise.all(all);
    expect(statuses.toSorted((a, b) => a - b)).toEqual([200, ...Array.from({ length: 49 }, () => 429)]);
    expect(api.model.asked.length - before).toBe(1);
  });

  test('gets back what a turn that failed, or whose function died, had reserved', async () => {
    const { ask, append, owner, threadPk, turn } = await threadOf(api);
    api.model.script.push(fails(400));
    expect((await ask('Q')).status).toBe(500);
    expect(await spentOf(owner.brandId)).toEqual({ used: 0, taken: 0 });
    const { body } = await append(QUESTION);
    const key = keys.tokenBudget({ kind: 'BRAND', id: owner.brandId }, today());
    const reservation = { ...key, tokens: 0, expiresAt: 1 };
    const usage = { promptTokens: 30, completionTokens: 12, cachedTokens: 0 };
    const turnId = await leaveDeadTurn(api.table, threadPk, {
      messageId: body.message.id,
      reservation,
      said: [{ text: 'Half', usage }],
    });
    expect((await turn(turnId)).body.status).toBe('incomplete');
    expect(await spentOf(owner.brandId)).toEqual({ used: 42, taken: 42 });
  });

  test('counts what the thread already holds', async () => {
    const { ask, append } = await threadOf(api);
    await append({ role: 'user', content: 'x'.repeat(BUDGET * 3) });
    expect((await ask('Q')).status).toBe(429);
  });
});

const QUESTION = { role: 'user', content: 'Q' };

/** Another conversation of the same person. */
const conversationOf = (owner: Awaited<ReturnType<typeof threadOf>>['owner']) =>
  conversationWith(api, { owner, create: { title: randomUUID() } });
