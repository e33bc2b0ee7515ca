import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Scope } from '../domain/principal.ts';
import type { Table } from './client.ts';
import { getItem } from './get-item.ts';
import * as keys from './keys.ts';
import { send } from './send.ts';
import { storedItem } from './stored-item.ts';
import { writeIf } from './write-if.ts';

/** An API key as stored: all but the key itself, of which only a SHA-256 digest is kept. */
export interface ApiKey {
  readonly id: string;
  /** SHA-256 of the whole key, in hex. */
  readonly digest: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly scopes: readonly Scope[];
  /** Seconds since 1970, or null for a key that does not expire. */
  readonly expiresAt: number | null;
  readonly revoked: boolean;
}

/** Stores a new key. Its own expiry is not the table's TTL: a refused key should be known, not gone. */
export async function putApiKey(key: ApiKey, to: Table): Promise<void> {
  const Item = storedItem(keys.apiKey(key.id), {
    gsi1pk: keys.apiKeysOf(key.organizationId),
    gsi1sk: key.id,
    ...key,
  });
  // The same key again is the SDK's second try, after an answer that was lost.
  const put = new PutCommand({
    TableName: to.name,
    Item,
    ConditionExpression: 'attribute_not_exists(pk) OR digest = :digest',
    ExpressionAttributeValues: { ':digest': key.digest },
  });
  await send(put, { context: null, to });
}

/** The key of this public id, or null. */
export async function readApiKey(id: string): Promise<ApiKey | null> {
  return (await getItem(keys.apiKey(id))) as (ApiKey & keys.Key) | null; // as putApiKey wrote it
}

/**
 * Makes a key be refused from now on; API Gateway may take it for another minute, as long as it keeps an authorization.
 *
 * @returns whether there is such a key
 */
export async function revokeApiKey(id: string, to: Table): Promise<boolean> {
  const revoke = new UpdateCommand({
    TableName: to.name,
    Key: keys.apiKey(id),
    UpdateExpression: 'SET revoked = :true',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':true': true },
  });
  return (await writeIf(send(revoke, { context: null, to }))) !== null;
}
