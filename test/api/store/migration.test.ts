import { randomUUID } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import * as keys from '../../../functions/store/keys.ts';
import { collect } from '../../../functions/store/query.ts';
import { SCHEMA_VERSION } from '../../../functions/store/stored-item.ts';
import type { Item } from '../../../functions/store/transact.ts';
import { startApi } from '../../support/api.ts';
import { backfill } from '../../support/backfill.ts';
import { person } from '../../support/people.ts';
import { allItems } from '../../support/table.ts';

/**
 * How the schema changes, shown with a small case: agents get a place in an index, so that those of one template can be
 * read alone. docs/operations.md tells the four steps; each is one deployment.
 */
const api = await startApi();
const NEXT = SCHEMA_VERSION + 1;
const AGENTS = 40;

const listOf = (organizationId: unknown, templateId: unknown) =>
  `AGENTS#${String(organizationId)}#TEMPLATE#${String(templateId)}`;

/** What version 2 writes besides: the backfill and the functions say it by one function. */
function placeOf(item: Item): Item | null {
  if (item.templateId === undefined) return null; // it is no agent
  return { gsi2pk: listOf(item.organizationId, item.templateId), gsi2sk: item.id };
}

/** Step 2: functions of the new version write both, the template and the place. An edit leaves the item's version. */
async function setTemplate(organizationId: string, id: string, templateId: string): Promise<void> {
  const { gsi2pk, gsi2sk } = placeOf({ organizationId, id, templateId }) ?? {};
  const update = new UpdateCommand({
    TableName: api.table.name,
    Key: keys.agent(organizationId, id),
    UpdateExpression: 'SET templateId = :template, gsi2pk = :pk, gsi2sk = :sk',
    ExpressionAttributeValues: { ':template': templateId, ':pk': gsi2pk, ':sk': gsi2sk },
  });
  await api.table.client.send(update);
}

const everything = { order: 'asc', start: undefined, limit: 1_000 } as const;

test('a table is brought to the next version while its functions write, and readers miss nothing', async () => {
  const owner = await person(api);
  const [before, after] = [randomUUID(), randomUUID()];
  const ids: string[] = [];
  for (let made = 0; made < AGENTS; made += 1) {
    const body = { name: `Agent ${made}`, template_id: before, configuration: {} };
    ids.push((await api.send({ path: '/api/v1/agents', headers: owner.apiKey, body })).body.id);
  }
  const { organizationId } = owner;
  const oldWay = async (templateId: string) => {
    const { items } = await collect(
      { pk: keys.organization(organizationId), range: keys.AGENTS },
      everything,
    );
    return items.filter((item) => item.templateId === templateId).map(({ id }) => id);
  };
  const newWay = async (templateId: string) => {
    const { items } = await collect({ index: 'gsi2', pk: listOf(organizationId, templateId) }, everything);
    return items.map(({ id }) => id);
  };
  // Step 3: the backfill, dying half-way, while functions move agents from one template to another.
  let looked = 0;
  const step = {
    to: NEXT,
    from: ['templateId'],
    changes: (item: Item) => {
      looked += 1;
      if (looked === AGENTS / 2) throw new Error('killed');
      return placeOf(item);
    },
  };
  const moved = ids.filter((_, index) => index % 5 === 0);
  const moving = (async () => {
    for (const id of moved) {
      await setTemplate(organizationId, id, after);
      expect((await oldWay(before)).length + (await oldWay(after)).length).toBe(AGENTS);
    }
  })();
  await expect(backfill(step, api.table)).rejects.toThrow('killed');
  await backfill(step, api.table);
  await moving;

  expect(await newWay(before)).toEqual(ids.filter((id) => !moved.includes(id)));
  expect(await newWay(after)).toEqual(moved);
  expect((await allItems(api.table)).filter(({ v }) => v !== NEXT)).toEqual([]);
  expect(await backfill(step, api.table)).toBe(0);
});
