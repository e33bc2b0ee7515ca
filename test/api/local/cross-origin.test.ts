import { describe, expect, test } from 'vitest';
import { endpoints } from '../../../functions/endpoints.ts';
import { startApi } from '../../support/api.ts';
import { person } from '../../support/people.ts';

const PAGE = 'https://app.example.com';
const api = await startApi({ corsOrigins: [PAGE, 'http://localhost:5173'] });
const closed = await startApi();
const open = await startApi({ corsOrigins: ['*'] });

const ask = (origin: string, path = '/v1/conversations') => ({
  method: 'OPTIONS',
  path,
  headers: { origin, 'access-control-request-method': 'POST' },
});
const words = (header: string | null) => (header ?? '').split(',').toSorted();

describe('a page of an allowed origin', () => {
  test.each(['/v1/conversations', '/api/v1/agents', '/nothing'])('may ask about %s', async (path) => {
    const { status, headers, text } = await api.send(ask(PAGE, path));
    expect([status, text]).toEqual([204, '']);
    expect(headers.get('access-control-allow-origin')).toBe(PAGE);
    const declared = endpoints.flatMap(({ headers }) => Object.keys(headers?.json.properties ?? {}));
    expect(words(headers.get('access-control-allow-headers'))).toEqual(
      [
        ...new Set(declared),
        'authorization',
        'content-type',
        'x-api-key',
        'idempotency-key',
        'last-event-id',
      ].toSorted(),
    );
    expect(words(headers.get('access-control-allow-methods'))).toEqual(
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].toSorted(),
    );
  });

  test('can read every answer, refusals of the gateway too', async () => {
    const { bearer } = await person(api);
    const requests = [
      { status: 201, headers: bearer },
      { status: 401, headers: {} },
      { status: 404, headers: {}, path: '/nothing' },
    ];
    for (const { status, headers, path = '/v1/conversations' } of requests) {
      const answer = await api.send({ path, headers: { ...headers, origin: PAGE }, body: {} });
      expect(answer.status).toBe(status);
      expect(answer.headers.get('access-control-allow-origin')).toBe(PAGE);
      expect(answer.headers.get('vary')).toBe('origin');
      expect(words(answer.headers.get('access-control-expose-headers'))).toEqual(
        ['x-request-id', 'x-next-cursor', 'idempotency-replayed', 'etag', 'retry-after'].toSorted(),
      );
    }
  });
});

test('a page of another origin is told nothing, and any other client is served as ever', async () => {
  for (const origin of ['https://evil.example.com', `${PAGE}.evil.example.com`, 'null']) {
    const { status, headers } = await api.send(ask(origin));
    expect([status, headers.get('access-control-allow-origin')]).toEqual([204, null]);
    expect(headers.get('access-control-allow-methods')).toBeNull();
  }
  const { bearer } = await person(api);
  const answer = await api.send({ path: '/v1/conversations', headers: bearer, body: {} });
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([201, null]);
});

test('without configured origins nothing is said, and OPTIONS is a path that is not there', async () => {
  const { status, headers } = await closed.send(ask(PAGE));
  expect([status, headers.get('access-control-allow-origin')]).toEqual([404, null]);
});

test('where all origins may call, the answer is the same for all of them', async () => {
  const { status, headers } = await open.send(ask(PAGE));
  expect([status, headers.get('access-control-allow-origin')]).toEqual([204, '*']);
});
