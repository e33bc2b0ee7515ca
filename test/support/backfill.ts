import { ConditionalCheckFailedException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { GetCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../functions/store/client.ts';
import type { Item } from '../../functions/store/transact.ts';

/** What becomes of items of an older version. */
interface Backfill {
  /** The version of the schema that items have afterwards. */
  readonly to: number;
  /** What an item is to have besides, or null for one that this version does not change. */
  readonly changes: (item: Item) => Item | null;
  /** The attributes that `changes` looks at: who changes one of them meanwhile is not overwritten. */
  readonly from: readonly string[];
}

/**
 * Brings all items to a version of the schema, while functions go on reading and writing them. It may be stopped and
 * started again, and run twice: an item is only changed where it has an older version, and still is what was looked at.
 *
 * @returns how many items were changed
 */
export async function backfill({ to, changes, from }: Backfill, table: Table): Promise<number> {
  let changed = 0;
  let start: Item | undefined;
  do {
    const page = await table.client.send(
      new ScanCommand({
        TableName: table.name,
        FilterExpression: 'v < :to',
        ExpressionAttributeValues: { ':to': to },
        ExclusiveStartKey: start,
      }),
    );
    for (const item of page.Items ?? [])
      changed += (await change(item, { to, changes, from }, table)) ? 1 : 0;
    start = page.LastEvaluatedKey;
  } while (start);
  return changed;
}

/** @returns false where somebody else has brought it to that version, or it is gone */
async function change(item: Item, { to, changes, from }: Backfill, table: Table): Promise<boolean> {
  const { client, name: TableName } = table;
  const Key = { pk: item.pk, sk: item.sk };
  const set = Object.entries({ ...changes(item), v: to });
  const seen = ['v', ...from].map((name) => [name, item[name]] as const);
  const update = new UpdateCommand({
    TableName,
    Key,
    UpdateExpression: `SET ${set.map(([name]) => `#${name} = :new_${name}`).join(', ')}`,
    ConditionExpression: seen
      .map(([name, value]) =>
        value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :old_${name}`,
      )
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries([...set, ...seen].map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries([
      ...set.map(([name, value]) => [`:new_${name}`, value] as const),
      ...seen.flatMap(([name, value]) => (value === undefined ? [] : [[`:old_${name}`, value] as const])),
    ]),
  });
  try {
    await client.send(update);
    return true;
  } catch (error) {
    const isPassing = error instanceof TransactionConflictException;
    if (!isPassing && !(error instanceof ConditionalCheckFailedException)) throw error;
    const { Item: now } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
    return now !== undefined && Number(now.v) < to && (await change(now, { to, changes, from }, table));
  }
}
