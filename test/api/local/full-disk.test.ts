import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { endpoints } from '../../../functions/endpoints.ts';
import { streamEndpoints } from '../../../functions/stream-endpoints.ts';
import { startApi } from '../../support/api.ts';
import { person } from '../../support/people.ts';
import { countItems } from '../../support/table.ts';

let isFull = false;
const api = await startApi({ hasSpace: async () => !isFull });
const { bearer, apiKey } = await person(api);
const headers = { ...bearer, ...apiKey };
const writes = [...endpoints, ...streamEndpoints].filter(({ method }) => method !== 'GET');

test.each(writes)(
  '503s $method $path on a full disk, in its API’s shape, and nothing is stored',
  async ({ method, path: route, api: { errors } }) => {
    isFull = true;
    const before = await countItems(api.table);
    const path = route.replaceAll(/\{\w+\}/gu, () => randomUUID());
    const { status, body } = await api.send({ method, path, headers, body: {} });
    isFull = false;
    expect(status).toBe(503);
    const message = expect.stringMatching(/disk .* is full: .* 64 MB/u);
    expect(body).toEqual(errors === 'code' ? { error: 'unavailable', message } : { detail: message });
    expect(await countItems(api.table)).toBe(before);
  },
);

test('reads go on, and so do writes once there is room', async () => {
  isFull = true;
  const reads = await api.send({ method: 'GET', path: '/v1/conversations', headers });
  isFull = false;
  const written = await api.send({ path: '/v1/conversations', headers, body: {} });
  expect([reads.status, written.status]).toEqual([200, 201]);
});

test('who has no credential is told that first', async () => {
  isFull = true;
  const { status } = await api.send({ path: '/v1/conversations', body: {} });
  isFull = false;
  expect(status).toBe(401);
});
