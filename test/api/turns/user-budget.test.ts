import type { UpdateItemInput } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import type { Tenancy } from '../../../functions/domain/principal.ts';
import * as keys from '../../../functions/store/keys.ts';
import { startApi } from '../../support/api.ts';
import { makersEnded, spentByUser, spentOf, today } from '../../support/budgets.ts';
import { says } from '../../support/model-events.ts';
import { type Person, person } from '../../support/people.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';
import type { Operation } from '../../support/writes.ts';

const BUDGET = 30_000;
const PER_USER = 12_000;
Object.assign(process.env, {
  TOKEN_BUDGET: String(BUDGET),
  TOKEN_BUDGET_PER_USER: String(PER_USER),
  MODEL_MAX_TOKENS: '4096',
});
const api = await startApi();

const uses = (output_tokens: number) => says('Much', 'end_turn', { output_tokens });

describe.each(KINDS)('one user, in $name,', (kind) => {
  const scopeOf = (who: Person): Tenancy => ({ tenant: kind.tenant(who), caller: who.userId });

  test('uses up their own part of the day, over all their threads, and not that of others', async () => {
    const greedy = await threadOf(api, kind);
    const { brandId, companyId, organizationId } = greedy.owner;
    api.model.script.push(uses(PER_USER));
    expect((await greedy.ask('Q')).status).toBe(200);
    const other = await threadOf(api, kind, greedy.owner);
    for (const { ask, messages } of [greedy, other]) {
      const before = await messages();
      const refused = await ask('Q');
      expect([refused.status, refused.body]).toMatchObject([429, kind.refusal('rate_limited')]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(5);
      expect(await messages()).toEqual(before);
    }
    const modest = await threadOf(api, kind, await person(api, { brandId, companyId, organizationId }));
    api.model.script.push(uses(90));
    expect((await modest.ask('Q')).status).toBe(200);
    expect(await spentByUser(api, scopeOf(modest.owner))).toEqual({ used: 100, taken: 100, running: 0 });
    expect(await spentByUser(api, scopeOf(greedy.owner))).toMatchObject({ used: PER_USER + 10, running: 0 });
    expect(await spentOf(api, kind.tenant(greedy.owner))).toMatchObject({ used: PER_USER + 110, running: 0 });
  });

  test('is refused where the tenant has used up its day, and nothing of theirs stays taken', async () => {
    const first = await threadOf(api, kind);
    const { brandId, companyId, organizationId } = first.owner;
    api.model.script.push(uses(BUDGET));
    expect((await first.ask('Q')).status).toBe(200);
    const second = await threadOf(api, kind, await person(api, { brandId, companyId, organizationId }));
    expect((await second.ask('Q')).status).toBe(429);
    expect(await spentByUser(api, scopeOf(second.owner))).toEqual({ used: 0, taken: 0, running: 0 });
  });

  test.each(['user', 'tenant'] as const)(
    'counts the same as the tenant for a turn that is cancelled while its maker takes tokens of the %s',
    async (of) => {
      const { owner, ask, lease, cancel } = await threadOf(api, kind);
      const jobs = api.lambda.jobs.length;
      const { pk } =
        of === 'user'
          ? keys.userTokenBudget(scopeOf(owner), today())
          : keys.tokenBudget(kind.tenant(owner), today());
      const taking = Promise.withResolvers<void>();
      const cancelled = Promise.withResolvers<void>();
      const undo = api.database.witness(async (call) => {
        if (!takesMore(call, pk)) return;
        taking.resolve();
        await cancelled.promise;
      });
      const asking = ask('Q'.repeat(3_000));
      await taking.promise;
      await cancel(String((await lease())?.turnId));
      cancelled.resolve();
      await asking;
      undo();
      await expect.poll(() => makersEnded(api)).toBe(api.lambda.jobs.length);
      expect(api.lambda.jobs.length).toBeGreaterThan(jobs);
      const spent = await spentOf(api, kind.tenant(owner));
      expect(spent).toMatchObject({ taken: spent.used, running: 0 });
      expect(await spentByUser(api, scopeOf(owner))).toEqual(spent);
    },
  );
});

/** Whether a call takes tokens of a budget for a request to the model. */
function takesMore({ operation, input }: Operation, pk: string): boolean {
  const { Key, ExpressionAttributeValues: values = {} } = input as unknown as UpdateItemInput;
  const share = values[':to']?.M;
  return (
    operation === 'UpdateItem' &&
    Key?.pk?.S === pk &&
    values[':from'] !== undefined &&
    share !== undefined &&
    !share.counted
  );
}
