import type { KeyHolder } from '../domain/principal.ts';
import { putApiKey } from '../store/api-keys.ts';
import type { Table } from '../store/client.ts';
import { newApiKey } from './api-key.ts';

/** Whose key, what it may, and until when: seconds since 1970, or null for ever. */
export interface ApiKeyHolder extends Omit<KeyHolder, 'kind' | 'keyId'> {
  readonly expiresAt: number | null;
}

/** Makes an API key. This is the only time that the key is there: its digest alone is stored. */
export async function createApiKey(holder: ApiKeyHolder, table: Table): Promise<{ id: string; key: string }> {
  const { id, key, digest } = newApiKey();
  await putApiKey({ ...holder, id, digest, revoked: false }, table);
  return { id, key };
}
