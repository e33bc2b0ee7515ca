import { newApiKey } from '../../functions/authorizer/api-key.ts';
import type { KeyHolder } from '../../functions/domain/principal.ts';
import { putApiKey } from '../../functions/store/api-keys.ts';
import { openTable } from '../../functions/store/client.ts';
import { LOCAL_TABLE, localDatabase } from './environment.ts';
import { Fault } from '../command/fault.ts';

/** Makes an API key in a local database and returns it; only its digest is stored. */
export async function createLocalApiKey(
  { organizationId, userId, scopes }: Pick<KeyHolder, 'organizationId' | 'userId' | 'scopes'>,
  databaseUrl: string,
): Promise<string> {
  const { key, id, digest } = newApiKey();
  const stored = { id, digest, organizationId, userId, scopes, expiresAt: null, revoked: false };
  try {
    await putApiKey(stored, openTable(LOCAL_TABLE, localDatabase(databaseUrl)));
  } catch (cause) {
    throw new Fault(`The database at ${databaseUrl} does not answer: npm start first`, { cause });
  }
  return key;
}
