import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createApiKey } from '../../../functions/authorizer/create-api-key.ts';
import { openTable } from '../../../functions/store/client.ts';
import { localDatabase } from '../../../lib/local/environment.ts';
import { startApi } from '../../support/api.ts';

const api = await startApi();
const holder = {
  organizationId: randomUUID(),
  userId: randomUUID(),
  scopes: ['read'],
  expiresAt: null,
} as const;

test('a key is made although the answer to its first write is lost', async () => {
  const table = openTable(api.table.name, localDatabase(api.database.url));
  let writes = 0;
  const undo = api.database.intercept(({ operation, loseAnswer }) => {
    if (operation !== 'PutItem') return undefined;
    writes += 1;
    if (writes === 1) loseAnswer();
    return undefined;
  });
  const { key } = await createApiKey(holder, table);
  undo();
  expect(writes).toBe(2);
  const { status } = await api.send({ method: 'GET', path: '/api/v1/agents', headers: { 'x-api-key': key } });
  expect(status).toBe(200);
});
