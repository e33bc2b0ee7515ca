import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { table } from './client.ts';
import type { Key } from './keys.ts';
import { send } from './send.ts';
import type { Item } from './transact.ts';

/** The item of a key, consistent, or null. */
export async function getItem(key: Key): Promise<Item | null> {
  const { Item } = await send(new GetCommand({ TableName: table().name, Key: key, ConsistentRead: true }), {
    context: null,
  });
  return Item ?? null;
}
