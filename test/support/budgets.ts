import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Tenancy } from '../../functions/domain/principal.ts';
import * as keys from '../../functions/store/keys.ts';
import { type Share, shareAttribute, shareIn, sharersIn } from '../../functions/store/token-shares.ts';
import type { Api } from './api.ts';
import { itemOf } from './turns.ts';

/** The day (UTC) whose budgets are used now. */
export const today = (): string => new Date().toISOString().slice(0, 10);

/** What a tenant has used and taken today, and how many answers have a share of it. */
export async function spentOf(api: Api, tenant: Tenancy['tenant']) {
  return spentIn(await itemOf(api, keys.tokenBudget(tenant, today())));
}

/** What is held today for answers that nobody has counted. */
export async function heldIn(api: Api, tenant: Tenancy['tenant']): Promise<number> {
  const item = (await itemOf(api, keys.tokenBudget(tenant, today()))) ?? {};
  const shares = sharersIn(item).flatMap((id) => shareIn(item, id) ?? []);
  return shares.reduce((sum, { held, counted }) => sum + (counted === undefined ? held : 0), 0);
}

/** The same of one of its users. */
export async function spentByUser(api: Api, scope: Tenancy) {
  return spentIn(await itemOf(api, keys.userTokenBudget(scope, today())));
}

function spentIn(item: Record<string, unknown> | undefined) {
  return {
    used: Number(item?.used ?? 0),
    taken: Number(item?.taken ?? 0),
    running: Number(item?.running ?? 0),
  };
}

/** How many functions that make answers have ended so far. */
export function makersEnded({ logged }: Api): number {
  return logged.filter((line) => line.includes('"turns/make-answer"')).length;
}

/** Leaves a share in a tenant's budget whose answer has died. @returns the reservation of its lease */
export async function leaveShare(
  { table }: Api,
  tenant: Tenancy['tenant'],
  { id, ...share }: Share & { id: string },
) {
  const key = keys.tokenBudget(tenant, today());
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: key,
      UpdateExpression: 'SET #share = :share ADD taken :held, running :one, used :none',
      ExpressionAttributeNames: { '#share': shareAttribute(id) },
      ExpressionAttributeValues: { ':share': share, ':held': share.held, ':one': 1, ':none': 0 },
    }),
  );
  return { id, budgets: [{ ...key, of: 'tenant' }], tokens: share.held, expiresAt: 1 };
}
