import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { endpoints } from '../../../functions/endpoints.ts';
import { router } from '../../../functions/http/router.ts';
import { httpEvent } from '../../../lib/local/http-event.ts';
import { startApi } from '../../support/api.ts';
import { person } from '../../support/people.ts';

const api = await startApi();
const MIB = 1024 * 1024;

describe('the local gateway', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/v1/nothing'],
    ['DELETE', '/v1/conversations'],
    ['GET', '/v1/conversations/'],
    ['GET', '//evil/health'],
    ['OPTIONS', '/v1/conversations'],
  ])('404s %s %s in API Gateway’s words', async (method, path) => {
    const { status, body, headers } = await api.send({ method, path });
    expect([status, body]).toEqual([404, { message: 'Not Found' }]);
    expect(headers.get('apigw-requestid')).toBeTruthy();
    expect(headers.get('x-request-id')).toBeNull();
  });

  test('413s a request over 10 MB, and an event over 6 MB', async () => {
    const { bearer: headers } = await person(api);
    for (const bytes of [10 * MIB + 1, 6 * MIB]) {
      const { status, body } = await api.send({
        path: '/v1/conversations',
        headers,
        body: `"${'x'.repeat(bytes)}"`,
      });
      expect([status, body]).toEqual([413, { message: 'Request Entity Too Large' }]);
    }
  });

  test('says with a 401 what is wrong with a token', async () => {
    const headers = { authorization: 'Bearer nonsense' };
    const answer = await api.send({ method: 'GET', path: '/v1/conversations', headers });
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  test('400s a path that is no text', async () => {
    const { status } = await api.send({ method: 'GET', path: '/v1/conversations/%ff/messages' });
    expect(status).toBe(400);
  });
});

describe('an event', () => {
  const route = router(endpoints);
  const request = (url: string, headers: Record<string, string> = {}, body = '') => ({
    method: 'POST',
    url,
    headers,
    body: Buffer.from(body),
  });

  test('is of payload format 2.0', () => {
    const id = randomUUID();
    const match = route('POST', `/v1/conversations/${id}/messages`);
    if (!match) throw new Error('There is such a route');
    const headers = { 'content-type': 'application/json' };
    const event = httpEvent(
      request(`/v1/conversations/${id}/messages?a=1&a=2&b=%20`, headers, '{}'),
      match,
      null,
    );
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /v1/conversations/{id}/messages',
      rawPath: `/v1/conversations/${id}/messages`,
      rawQueryString: 'a=1&a=2&b=%20',
      queryStringParameters: { a: '1,2', b: ' ' },
      pathParameters: { id },
      body: '{}',
      isBase64Encoded: false,
      requestContext: { http: { method: 'POST' }, stage: '$default' },
    });
  });

  test('has other bodies than text in base64, and none at all for an empty one', () => {
    const match = route('POST', '/v1/conversations');
    if (!match) throw new Error('There is such a route');
    const torn = {
      ...request('/v1/conversations', { 'content-type': 'application/json' }),
      body: Buffer.from([0xff]),
    };
    expect(httpEvent(torn, match, null)).toMatchObject({ body: '/w==', isBase64Encoded: true });
    const binary = httpEvent(request('/v1/conversations', { 'content-type': 'image/png' }, 'x'), match, null);
    expect(binary).toMatchObject({ body: 'eA==', isBase64Encoded: true });
    expect(httpEvent(request('/v1/conversations'), match, null)).not.toHaveProperty('body');
  });

  test('goes to the route that is literal where another has a parameter', () => {
    expect(route('POST', '/api/v1/chat/threads')?.operation.operation).toBe('assistant-chat/create-thread');
    expect(route('POST', '/api/v1/chat/x/threads')?.operation.operation).toBe('agent-chat/create-thread');
    expect(route('PUT', '/api/v1/companies/1/google-business-locations/a%2Fb')?.pathParameters).toEqual({
      company_id: '1',
      location_id: 'a/b',
    });
  });
});
