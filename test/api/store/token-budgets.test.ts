import { randomUUID } from 'node:crypto';
import type { Context as LambdaContext } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { meterOf } from '../../../functions/budgets/meter.ts';
import { giveBack, reserve } from '../../../functions/budgets/reserve.ts';
import { tallyOf } from '../../../functions/budgets/tally.ts';
import { EMPTY_DRAFT } from '../../../functions/domain/answer.ts';
import { newId } from '../../../functions/domain/ids.ts';
import { NO_USAGE } from '../../../functions/domain/tokens.ts';
import { contextOf } from '../../../functions/http/context.ts';
import * as keys from '../../../functions/store/keys.ts';
import type { Reservation } from '../../../functions/store/token-shares.ts';
import { startApi } from '../../support/api.ts';
import { leaveShare, spentByUser, spentOf, today } from '../../support/budgets.ts';
import { itemOf, threadOf } from '../../support/turns.ts';
import { keysIn } from '../../support/writes.ts';

const LIMIT = 10_000;
const USER_LIMIT = 6_000;
Object.assign(process.env, { TOKEN_BUDGET: String(LIMIT), TOKEN_BUDGET_PER_USER: String(USER_LIMIT) });
const api = await startApi();
const context = contextOf({ getRemainingTimeInMillis: () => 60_000 } as LambdaContext, {}); // all that is read of it

const HOUR_MS = 60 * 60 * 1_000;
const newTenant = () => ({ kind: 'BRAND', id: randomUUID() }) as const;

/** A reservation in a tenant's budget, and in that of one of its users. */
function reservationIn(
  tenant: ReturnType<typeof newTenant>,
  tokens: number,
  id = newId(Date.now()),
): Reservation {
  const scope = { tenant, caller: 'user' };
  const user = { ...keys.userTokenBudget(scope, today()), of: 'user' } as const;
  const whole = { ...keys.tokenBudget(tenant, today()), of: 'tenant' } as const;
  return { id, tokens, budgets: [user, whole], expiresAt: Math.floor(Date.now() / 1_000) + 1_000 };
}

async function spentIn(tenant: ReturnType<typeof newTenant>) {
  return { tenant: await spentOf(api, tenant), user: await spentByUser(api, { tenant, caller: 'user' }) };
}
const both = (used: number, taken: number, running: number) => ({
  tenant: { used, taken, running },
  user: { used, taken, running },
});

/** Loses each answer to an update of a budget so often. */
async function losing<T>(times: number, run: () => Promise<T>): Promise<T> {
  const lost = new Map<string, number>();
  const undo = api.database.intercept(({ operation, input, loseAnswer }) => {
    const update = JSON.stringify([input.Key, input.UpdateExpression, input.ExpressionAttributeValues]);
    if (operation !== 'UpdateItem' || !update.includes('TOKENS#')) return undefined;
    lost.set(update, (lost.get(update) ?? 0) + 1);
    if ((lost.get(update) ?? 0) <= times) loseAnswer();
    return undefined;
  });
  return run().finally(undo);
}

const SIZE = { model: 'claude-haiku-4-5', inputTokens: 500, outputTokens: 1_000 };

describe.each([0, 1, 4])('with %s answers of the database lost before each', (times) => {
  test('tokens are taken, asked for more and counted once', async () => {
    const tenant = newTenant();
    const reservation = reservationIn(tenant, 1_000);
    await losing(times, async () => {
      expect(await reserve(reservation, context)).toBeNull();
      expect(await spentIn(tenant)).toEqual(both(0, 1_000, 1));
      const meter = meterOf(reservation, context);
      const request = await meter.begin(SIZE);
      expect(await spentIn(tenant)).toEqual(both(0, 1_500, 1));
      request?.sent();
      request?.hear({ type: 'usage', usage: { ...NO_USAGE, promptTokens: 300, completionTokens: 50 } });
      request?.ended();
      const next = await meter.begin(SIZE);
      expect(await spentIn(tenant)).toEqual(both(0, 1_850, 1));
      next?.refused();
      await meter.settle(EMPTY_DRAFT);
    });
    expect(await spentIn(tenant)).toEqual(both(350, 350, 0));
  });

  test('a reservation is given back once, also by several at the same time', async () => {
    const tenant = newTenant();
    const reservation = reservationIn(tenant, 1_000);
    await losing(times, async () => {
      await reserve(reservation, context);
      await Promise.all(Array.from({ length: 5 }, () => giveBack(reservation, context)));
    });
    expect(await spentIn(tenant)).toEqual(both(0, 0, 0));
  });
});

test('one who ends an answer of another counts what its share and its log tell, and its maker the rest', async () => {
  const tenant = newTenant();
  const reservation = reservationIn(tenant, 1_000);
  await reserve(reservation, context);
  const meter = meterOf(reservation, context);
  const request = await meter.begin(SIZE);
  request?.sent();
  const logged = { ...EMPTY_DRAFT, text: 'x'.repeat(30) };
  const tallies = await Promise.all(
    [1, 2, 3].map(() => tallyOf({ reservation, expiresAtMs: Date.now() }, context)),
  );
  expect(tallies[0]?.spendingOf(logged)).toMatchObject({
    promptTokens: 500,
    completionTokens: 8,
    isEstimate: true,
  });
  await Promise.all(tallies.map((tally) => tally.settle(logged)));
  expect(await spentIn(tenant)).toEqual(both(508, 508, 1));
  // The model goes on for a moment, and is not asked again.
  request?.hear({ type: 'text', text: 'x'.repeat(90) });
  expect(await meter.begin(SIZE)).toBeNull();
  await meter.settle(EMPTY_DRAFT);
  expect(await spentIn(tenant)).toEqual(both(523, 523, 0));
  await Promise.all(tallies.map((tally) => tally.settle(logged)));
  await meter.settle(EMPTY_DRAFT);
  expect(await spentIn(tenant)).toEqual(both(523, 523, 0));
});

describe('too few tokens left', () => {
  test('for a user take nothing from the tenant, and for the tenant nothing from the user', async () => {
    const tenant = newTenant();
    expect((await reserve(reservationIn(tenant, USER_LIMIT + 1), context))?.code).toBe('rate_limited');
    expect(await spentIn(tenant)).toEqual(both(0, 0, 0));
    await leaveShare(api, tenant, { id: newId(Date.now()), sent: 1, said: 0, held: LIMIT - 1_000 });
    expect((await reserve(reservationIn(tenant, 1_001), context))?.retryAfterSeconds).toBe(5);
    expect((await spentIn(tenant)).user).toEqual({ used: 0, taken: 0, running: 0 });
    expect(await reserve(reservationIn(tenant, 1_000), context)).toBeNull();
  });

  test('do not grow what is held, and the model is not asked', async () => {
    const reservation = reservationIn(newTenant(), USER_LIMIT);
    await reserve(reservation, context);
    const meter = meterOf(reservation, context);
    expect(await meter.begin({ ...SIZE, inputTokens: 5_000, outputTokens: 1_001 })).toBeNull();
    expect(await meter.begin({ ...SIZE, inputTokens: 5_000, outputTokens: 1_000 })).not.toBeNull();
  });
});

describe('a share whose answer died long ago', () => {
  const leave = (tenant: ReturnType<typeof newTenant>, age: number, sent: number) =>
    leaveShare(api, tenant, { id: newId(Date.now() - age), sent, said: 0, held: 3_000 });

  test('counts as all that it held once somebody takes tokens, and as nothing where the model was not asked', async () => {
    const tenant = newTenant();
    await leave(tenant, HOUR_MS, 20);
    await leave(tenant, HOUR_MS, 0);
    await leave(tenant, 0, 20);
    expect((await spentOf(api, tenant)).taken).toBe(9_000);
    await reserve(reservationIn(tenant, 1_000), context);
    expect((await spentIn(tenant)).tenant).toEqual({ used: 3_000, taken: 7_000, running: 2 });
  });

  test('does not refuse who fits without it', async () => {
    const tenant = newTenant();
    for (const _ of [1, 2, 3]) await leave(tenant, HOUR_MS, 0);
    expect(await reserve(reservationIn(tenant, 2_000), context)).toBeNull();
    expect((await spentIn(tenant)).tenant).toEqual({ used: 0, taken: 2_000, running: 1 });
  });
});

test('a budget is in no transaction, and stays one small item whatever runs', async () => {
  const transacted: string[] = [];
  const undo = api.database.listen((call) => {
    if (call.operation === 'TransactWriteItems') transacted.push(...keysIn(call));
  });
  const { ask, owner } = await threadOf(api);
  process.env.MODEL_MAX_TOKENS = '1000';
  for (const question of ['a', 'b', 'c']) expect((await ask(question)).status).toBe(200);
  undo();
  expect(transacted.filter((key) => key.startsWith('["TOKENS#'))).toEqual([]);
  expect(transacted.length).toBeGreaterThan(5);
  const tenant = { kind: 'BRAND', id: owner.brandId } as const;
  const item = await itemOf(api, keys.tokenBudget(tenant, today()));
  expect(Object.keys(item ?? {}).toSorted()).toEqual([
    'expires_at',
    'pk',
    'running',
    'sk',
    'taken',
    'used',
    'v',
  ]);
});
