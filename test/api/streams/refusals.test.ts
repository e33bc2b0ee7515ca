import { describe, expect, test } from 'vitest';
import { MESSAGE_TEXT_BYTES } from '../../../functions/domain/limits.ts';
import type { AnyStreamEndpoint } from '../../../functions/http/stream-endpoint.ts';
import { streamEndpoints } from '../../../functions/stream-endpoints.ts';
import { type ApiAnswer, type ApiRequest, startApi } from '../../support/api.ts';
import { exampleOf, parametersOf, thingsFor } from '../../support/examples.ts';
import { credentialFor, person } from '../../support/people.ts';

/**
 * What is refused before the first event, of every operation that streams: made from their list. Lambda loses the status
 * of an answer that nothing is written of, and so does the stand-in for its runtime.
 */
const api = await startApi();

const WRONG = { authorization: 'Bearer a.b.c', 'x-api-key': `parley_${'0'.repeat(16)}_${'0'.repeat(70)}` };

interface Case {
  readonly endpoint: AnyStreamEndpoint;
  readonly request: ApiRequest;
}

/** Each refusal: how a request that is one comes about, and its status. */
const REFUSALS: readonly {
  readonly what: string;
  readonly status: (endpoint: AnyStreamEndpoint) => number;
  readonly isPossible?: (endpoint: AnyStreamEndpoint) => boolean;
  readonly change: (request: Case) => ApiRequest | Promise<ApiRequest>;
}[] = [
  {
    what: 'without a credential',
    status: () => 401,
    change: ({ request }) => ({ ...request, headers: {} }),
  },
  {
    what: 'with a wrong credential',
    status: ({ api: { auth } }) => (auth === 'api-key' ? 403 : 401),
    change: ({ request }) => ({ ...request, headers: WRONG }),
  },
  {
    what: "about somebody else's thread",
    status: ({ operation }) => (operation.startsWith('assistant-chat/') ? 403 : 404),
    change: async ({ endpoint, request }) => ({
      ...request,
      headers: credentialFor(endpoint, await person(api)),
    }),
  },
  {
    what: 'about something that is not there',
    status: () => 404,
    change: ({ request: { path, ...request } }) => ({
      ...request,
      path: path.replace(/[0-9a-f]{12}(?=\/(?:messages\/)?stream)/u, '0'.repeat(12)),
    }),
  },
  {
    what: 'with another content type',
    status: () => 415,
    isPossible: ({ body }) => body !== undefined,
    change: ({ request }) => ({
      ...request,
      headers: { ...request.headers, 'content-type': 'text/plain' },
    }),
  },
  {
    what: 'with a body that is no JSON',
    status: () => 422,
    isPossible: ({ body }) => body !== undefined,
    change: ({ request }) => ({ ...request, body: '{"a":' }),
  },
  {
    what: 'with a text over 256 KiB',
    status: () => 413,
    isPossible: ({ messageText }) => messageText !== undefined,
    change: ({ endpoint: { messageText = '' }, request }) => ({
      ...request,
      body: { ...(request.body as object), [messageText]: 'x'.repeat(MESSAGE_TEXT_BYTES + 1) },
    }),
  },
  {
    what: 'with a last event id that is none',
    status: () => 422,
    isPossible: ({ method }) => method === 'GET',
    change: ({ request }) => ({
      ...request,
      headers: { ...request.headers, 'last-event-id': 'nonsense' },
    }),
  },
];

describe.each(streamEndpoints.map((endpoint) => ({ endpoint, name: `${endpoint.method} ${endpoint.path}` })))(
  '$name',
  ({ endpoint }) => {
    const prepared = async (): Promise<Case> => {
      const owner = await person(api);
      const things = await thingsFor(api, endpoint, owner);
      expect(Object.keys(things)).toEqual(expect.arrayContaining(parametersOf(endpoint)));
      return { endpoint, request: exampleOf(endpoint, owner, things) };
    };
    const expectRefusal = (answer: ApiAnswer, status: number) => {
      expect(answer.status, answer.text).toBe(status);
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/u);
      expect(answer.body).toEqual(expect.any(Object));
    };

    test.each(REFUSALS.filter(({ isPossible }) => isPossible?.(endpoint) ?? true))(
      'keeps its status $what',
      async ({ status, change }) => {
        const request = await change(await prepared());
        expectRefusal(await api.send(request), status(endpoint));
      },
    );

    test('keeps its status when the database fails, also while an API key is looked up, and logs why', async () => {
      const { request } = await prepared();
      const undo = api.database.intercept(() => ({ status: 400, type: 'SomeException', message: 'SECRET' }));
      const answer = await api.send(request);
      undo();
      expectRefusal(answer, 500);
      expect(answer.text).not.toContain('SECRET');
      const line = JSON.parse(api.logged.at(-1) ?? '{}') as object;
      expect(line).toMatchObject({ status: '500', code: 'internal_error', cause: { name: 'SomeException' } });
    });
  },
);
