import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { table } from './client.ts';
import type { Key } from './keys.ts';
import { send } from './send.ts';
import type { Item } from './transact.ts';

/** The item of a key, consistent, or null. */
export async function getItem({ pk, sk }: Key): Promise<Item | null> {
  const get = new GetCommand({ TableName: table().name, Key: { pk, sk }, ConsistentRead: true });
  const { Item } = await send(get, { context: null });
  return Item ?? null;
}
