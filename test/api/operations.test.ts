import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { describe, expect, test } from 'vitest';
import { endpoints } from '../../functions/endpoints.ts';
import type { AnyEndpoint } from '../../functions/http/endpoint.ts';
import type { JsonSchema } from '../../functions/http/schema.ts';
import { RESERVE_MS } from '../../functions/patience/pause.ts';
import { type ApiAnswer, type ApiRequest, startApi } from '../support/api.ts';
import { contractFaults } from '../support/contract.ts';
import type { DatabaseError } from '../support/database-proxy.ts';
import { example, exampleOf, minimum, namesIn, parametersOf, thingsFor } from '../support/examples.ts';
import { credentialFor, type Person, person } from '../support/people.ts';
import { wrongValues } from '../support/refused-values.ts';
import { withTimeLeft } from '../support/run-function.ts';
import { itemsWritten } from '../support/writes.ts';

/**
 * What holds for every operation, made from the list of them: a new operation is tested by being in it.
 * What only one operation does is tested beside it, in the folder of its API.
 */
let timeLeftMs = 28_000;
const api = await startApi({ run: withTimeLeft(() => timeLeftMs) });

const named = endpoints.map((endpoint) => ({ endpoint, name: `${endpoint.method} ${endpoint.path}` }));
const where = (holds: (endpoint: AnyEndpoint) => unknown) => named.filter(({ endpoint }) => holds(endpoint));
const withCredential = where(({ api }) => api.auth !== 'none');
const withBody = where(({ body }) => body);
const withQuery = where(({ query }) => query);
const withUuidInPath = where((endpoint) => parametersOf(endpoint).some((name) => isUuidIn(endpoint, name)));
const posts = where(({ method }) => method === 'POST');

/** Failures that pass, in the database's words; `lost` does what is asked and cuts the connection. */
const PASSING_FAILURES: readonly [string, DatabaseError | 'no answer' | 'lost'][] = [
  ['fails', { status: 500, type: 'InternalServerError', message: 'SECRET' }],
  ['is out of order', { status: 503, type: 'ServiceUnavailable', message: 'SECRET' }],
  ['throttles', { status: 400, type: 'ProvisionedThroughputExceededException', message: 'SECRET' }],
  ['throttles as a whole', { status: 400, type: 'ThrottlingException', message: 'SECRET' }],
  ['is silent', 'no answer'],
  ['cuts the connection', 'lost'],
];

async function prepared(endpoint: AnyEndpoint): Promise<{ owner: Person; request: ApiRequest }> {
  const owner = await person(api);
  return { owner, request: await example(api, endpoint, owner) };
}

function expectAnswer(endpoint: AnyEndpoint, answer: ApiAnswer, status: number): void {
  expect(answer.status, answer.text).toBe(status);
  expect(contractFaults(endpoint, status, answer.body), answer.text).toBe('');
  const isKept = endpoint.isStatic && status === 200;
  expect(answer.headers.get('cache-control')).toBe(isKept ? 'public, max-age=300' : 'no-store');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/u);
  expect(answer.headers.get('content-type')).toBe((status < 300 && endpoint.mediaType) || 'application/json');
}

function successOf(endpoint: AnyEndpoint): number {
  return Number(Object.keys(endpoint.responses)[0]);
}

describe.each(named)('$name', ({ endpoint }) => {
  test('succeeds with the least that is asked for, in the shape of the contract', async () => {
    const { request } = await prepared(endpoint);
    expectAnswer(endpoint, await api.send(request), successOf(endpoint));
  });
});

describe.each(where(({ access }) => access.table.length + access.indexes.length > 0))(
  '$name',
  ({ endpoint }) => {
    test('500s without telling why when the database fails, and succeeds afterwards', async () => {
      const { request } = await prepared(endpoint);
      const undo = api.database.intercept(({ input }) =>
        readsApiKey(input) ? undefined : { status: 400, type: 'SomeException', message: 'SECRET' },
      );
      const answer = await api.send(request);
      undo();
      expectAnswer(endpoint, answer, 500);
      expect(answer.text).not.toContain('SECRET');
      expectAnswer(endpoint, await api.send(request), successOf(endpoint));
    });

    test.each(PASSING_FAILURES)(
      '503s with Retry-After when the database %s, and succeeds afterwards',
      async (_what, failure) => {
        const { request } = await prepared(endpoint);
        const undo = api.database.intercept((call) => {
          if (readsApiKey(call.input)) return undefined;
          if (failure === 'lost') call.loseAnswer();
          return failure === 'lost' ? undefined : failure;
        });
        timeLeftMs = RESERVE_MS + 80;
        const answer = await api.send(withKeyed(request));
        undo();
        timeLeftMs = 28_000;
        expectAnswer(endpoint, answer, 503);
        expect(answer.headers.get('retry-after')).toMatch(/^\d+$/u);
        expect(answer.text).not.toMatch(/SECRET|Error|Exception|DynamoDB/u);
        expectAnswer(endpoint, await api.send(withKeyed(request)), successOf(endpoint));
      },
    );
  },
);

describe.each(withCredential)('$name', ({ endpoint }) => {
  test('401s without a credential and refuses a wrong one, in the words of API Gateway', async () => {
    const { request } = await prepared(endpoint);
    const none = await api.send({ ...request, headers: {} });
    expect([none.status, none.body]).toEqual([401, { message: 'Unauthorized' }]);
    const isKey = endpoint.api.auth === 'api-key';
    const wrong = await api.send({
      ...request,
      headers: isKey
        ? { 'x-api-key': `parley_${'0'.repeat(16)}_${'0'.repeat(70)}` }
        : { authorization: 'Bearer a.b.c' },
    });
    const refused = isKey ? [403, { message: 'Forbidden' }] : [401, { message: 'Unauthorized' }];
    expect([wrong.status, wrong.body]).toEqual(refused);
  });

  test("shows nothing of another tenant's", async () => {
    const { request } = await prepared(endpoint);
    const stranger = await person(api);
    const answer = await api.send({ ...request, headers: credentialFor(endpoint, stranger) });
    expectAnswer(endpoint, answer, statusForStranger(endpoint));
    if (answer.status === 200 && endpoint.method === 'GET') expect(listIn(answer.body)).toEqual([]);
  });
});

describe.each(withUuidInPath)('$name', ({ endpoint }) => {
  test("answers to another tenant's thing exactly as to a missing one", async () => {
    const theirs = await thingsFor(api, endpoint, await person(api));
    const stranger = await person(api);
    const foreign = await api.send(exampleOf(endpoint, stranger, theirs));
    const things = Object.fromEntries(parametersOf(endpoint).map((name) => [name, randomUUID()]));
    const missing = await api.send(exampleOf(endpoint, stranger, things));
    expectAnswer(endpoint, missing, 404);
    expect([foreign.status, foreign.body]).toEqual([missing.status, missing.body]);
  });

  test.each(['no-uuid', '%00', 'x'.repeat(300), '..%2F..'])('refuses %j as an id in its path', async (id) => {
    const { request } = await prepared(endpoint);
    const path = request.path.replace(/[0-9a-f-]{36}/u, id);
    const answer = await api.send({ ...request, path });
    expectAnswer(endpoint, answer, endpoint.api.errors === 'code' ? 404 : 422);
    if (endpoint.api.errors === 'detail') expect(answer.body.detail[0].loc[0]).toBe('path');
  });
});

describe.each(withBody)('$name', ({ endpoint }) => {
  test('415s another content type and 422s malformed JSON, in the shape of its API', async () => {
    const { request } = await prepared(endpoint);
    const plain = { ...request.headers, 'content-type': 'text/plain' };
    expectAnswer(endpoint, await api.send({ ...request, headers: plain }), 415);
    const binary = { ...request.headers, 'content-type': 'application/octet-stream' };
    expectAnswer(
      endpoint,
      await api.send({ ...request, headers: binary, body: Buffer.from([0xff, 0xfe]) }),
      415,
    );
    for (const body of ['{"a":', '', '\u{feff}{}', '{"a":"\u0001"}']) {
      expectAnswer(endpoint, await api.send({ ...request, body }), 422);
    }
    for (const body of ['[]', 'null', '1', '12345678901234567890', '"text"']) {
      expectAnswer(endpoint, await api.send({ ...request, body }), 422);
    }
  });

  test('takes any +json content type and a charset', async () => {
    const { request } = await prepared(endpoint);
    for (const type of [
      'application/json; charset=utf-8',
      'application/json ;charset=utf-8',
      'application/ld+json',
    ]) {
      const headers = { ...request.headers, 'content-type': type };
      expectAnswer(endpoint, await api.send({ ...request, headers }), successOf(endpoint));
    }
  });

  test('ignores what it does not know', async () => {
    const { request } = await prepared(endpoint);
    const body = { ...(request.body as object), surprise: { deep: [1] } };
    const answer = await api.send({ ...request, body });
    expectAnswer(endpoint, answer, successOf(endpoint));
    expect(answer.text).not.toContain('surprise');
  });

  test.each(propertiesOf(endpoint.body?.json))(
    '422s a wrong $name and says where',
    async ({ name, wrong }) => {
      const { request } = await prepared(endpoint);
      for (const value of wrong) {
        const answer = await api.send({ ...request, body: { ...(request.body as object), [name]: value } });
        expectAnswer(endpoint, answer, 422);
        expect(answer.text).toContain(
          endpoint.api.errors === 'code' ? `body.${name}` : `"loc":["body","${name}"`,
        );
      }
    },
  );

  test.each((endpoint.body?.json.required ?? []).map((name) => ({ name })))(
    '422s without $name',
    async ({ name }) => {
      const { request } = await prepared(endpoint);
      const { [name]: _, ...body } = request.body as Record<string, unknown>;
      expectAnswer(endpoint, await api.send({ ...request, body }), 422);
    },
  );
});

describe.each(where(({ body }) => !body))('$name', ({ endpoint }) => {
  test('ignores a body and its content type', async () => {
    const { request } = await prepared(endpoint);
    const { status } = await sendWithBody(api.url, request, 'no json');
    expect(status).toBe(successOf(endpoint));
  });
});

describe.each(withQuery)('$name', ({ endpoint }) => {
  const integers = Object.entries(endpoint.query?.json.properties ?? {})
    .filter(([, { type }]) => [type].flat().includes('integer'))
    .map(([name]) => ({ name }));

  test.each(integers)('422s a $name that is no integer', async ({ name }) => {
    const { request } = await prepared(endpoint);
    for (const value of ['abc', '0x2a', '1e3', '1.0', '-1', '9007199254740992', '1,2', '+1']) {
      const answer = await api.send({ ...request, path: withQueryValue(request.path, name, value) });
      expectAnswer(endpoint, answer, 422);
      if (endpoint.api.errors === 'detail') expect(answer.body.detail[0].loc).toEqual(['query', name]);
    }
  });

  test('takes an empty value for none', async () => {
    const { request } = await prepared(endpoint);
    const optional = Object.keys(endpoint.query?.json.properties ?? {}).filter(
      (name) => !(endpoint.query?.json.required ?? []).includes(name),
    );
    const path = optional.reduce((path, name) => withQueryValue(path, name, ''), request.path);
    expectAnswer(endpoint, await api.send({ ...request, path }), successOf(endpoint));
  });

  test.each((endpoint.query?.json.required ?? []).map((name) => ({ name })))(
    '422s without $name',
    async ({ name }) => {
      const { request } = await prepared(endpoint);
      expectAnswer(
        endpoint,
        await api.send({ ...request, path: withQueryValue(request.path, name, '') }),
        422,
      );
    },
  );
});

describe.each(where(({ query }) => query?.json.properties?.cursor))('$name', ({ endpoint }) => {
  test('422s a cursor that it never gave, and a limit out of its range', async () => {
    const { request } = await prepared(endpoint);
    for (const cursor of ['A'.repeat(16), 'A'.repeat(80), 'short', 'A'.repeat(3_000)])
      expectAnswer(
        endpoint,
        await api.send({ ...request, path: withQueryValue(request.path, 'cursor', cursor) }),
        422,
      );
    for (const limit of ['0', '101'])
      expectAnswer(
        endpoint,
        await api.send({ ...request, path: withQueryValue(request.path, 'limit', limit) }),
        422,
      );
  });
});

/** What an edit can choose, where no schema says what there is to choose from. */
const CHOSEN: Readonly<Record<string, string>> = { model: 'claude-haiku-5-5' };

describe.each(where(({ headers }) => headers?.json.properties?.['if-match']))('$name', ({ endpoint }) => {
  const withMatch = (request: ApiRequest, tag: string) => ({
    ...request,
    headers: { ...request.headers, 'if-match': tag },
  });
  const edits = Object.entries(endpoint.body?.json.properties ?? {}).map(([name, property]) => ({
    name,
    values: [CHOSEN[name] ?? minimum(property), ...([property.type].flat().includes('null') ? [null] : [])],
  }));

  test.each(edits)('edits $name alone, and moves the version', async ({ name, values }) => {
    const { request } = await prepared(endpoint);
    const { body: before } = await api.send(request);
    for (const [index, value] of values.entries()) {
      const answer = await api.send({ ...request, body: { [name]: value } });
      expectAnswer(endpoint, answer, 200);
      expect(answer.headers.get('etag')).toBe(`"${index + 2}"`);
      const { date_updated: _date, updated_at: _at, ...others } = before;
      expect(answer.body).toMatchObject({ ...others, [name]: value });
      const read = await api.send({ method: 'GET', path: request.path, headers: request.headers ?? {} });
      expect([read.body, read.headers.get('etag')]).toEqual([answer.body, answer.headers.get('etag')]);
    }
  });

  test('412s the version of another edit and changes nothing; takes the present one, one of many, and any', async () => {
    const { request } = await prepared(endpoint);
    const [edit] = edits;
    const body = { [edit?.name ?? '']: edit?.values[0] };
    const unedited = await api.send({ method: 'GET', path: request.path, headers: request.headers ?? {} });
    expect(unedited.headers.get('etag')).toBe('"1"');
    for (const stale of ['"2"', '"0"', '"01"', 'W/"1"', '1', '"2", "3"', '""'])
      expectAnswer(endpoint, await api.send(withMatch({ ...request, body }, stale)), 412);
    const unchanged = await api.send({ method: 'GET', path: request.path, headers: request.headers ?? {} });
    expect(unchanged.body).toEqual(unedited.body);
    expectAnswer(endpoint, await api.send(withMatch({ ...request, body }, '"1"')), 200);
    expectAnswer(endpoint, await api.send(withMatch({ ...request, body }, '"1"')), 412);
    expectAnswer(endpoint, await api.send(withMatch({ ...request, body }, '*')), 200);
    const many = Array.from({ length: 6 }, (_, index) => `"${index + 1}"`).join(', ');
    expectAnswer(endpoint, await api.send(withMatch({ ...request, body }, many)), 200);
  });

  test('leaves the version where it is when nothing is edited, and still 412s', async () => {
    const { request } = await prepared(endpoint);
    const answer = await api.send(withMatch({ ...request, body: {} }, '"1"'));
    expectAnswer(endpoint, answer, 200);
    expect(answer.headers.get('etag')).toBe('"1"');
    expectAnswer(endpoint, await api.send(withMatch({ ...request, body: {} }, '"2"')), 412);
  });

  test('of 8 at the same time with one version takes one', async () => {
    const { request } = await prepared(endpoint);
    const [edit] = edits;
    const body = { [edit?.name ?? '']: edit?.values[0] };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => api.send(withMatch({ ...request, body }, '"1"'))),
    );
    for (const [status, count] of [
      [200, 1],
      [412, 7],
    ])
      expect(answers.filter((answer) => answer.status === status)).toHaveLength(count ?? 0);
  });

  test('404s where there is nothing, whatever If-Match says', async () => {
    const owner = await person(api);
    const things = Object.fromEntries(parametersOf(endpoint).map((name) => [name, randomUUID()]));
    expectAnswer(endpoint, await api.send(withMatch(exampleOf(endpoint, owner, things), '*')), 404);
    expectAnswer(endpoint, await api.send(withMatch(exampleOf(endpoint, owner, things), '"1"')), 404);
  });
});

describe.each(posts)('$name', ({ endpoint }) => {
  const withKey = (request: ApiRequest, key: string) => ({
    ...request,
    headers: { ...request.headers, 'idempotency-key': key },
  });

  test('answers a repeated Idempotency-Key as the first time and writes nothing', async () => {
    const { request } = await prepared(endpoint);
    const keyed = withKey(request, 'again');
    const first = await api.send(keyed);
    let second = first;
    const written = await itemsWritten(api, async () => (second = await api.send(keyed)));
    expectAnswer(endpoint, first, successOf(endpoint));
    expectAnswer(endpoint, second, successOf(endpoint));
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.body).toEqual(first.body);
    expect([...written]).toEqual([]);
  });

  test.skipIf(!endpoint.body)(
    'takes JSON-equal bodies for the same request and 409s another one',
    async () => {
      const { request } = await prepared(endpoint);
      const first = await api.send(withKey(request, 'equal'));
      const entries = Object.entries(request.body as object).toReversed();
      const reordered = `  ${JSON.stringify(Object.fromEntries(entries))}\n`;
      const equal = await api.send(withKey({ ...request, body: reordered }, 'equal'));
      expect(equal.body).toEqual(first.body);
      const other = { ...(request.body as object), surprise: 1 };
      expectAnswer(endpoint, await api.send(withKey({ ...request, body: other }, 'equal')), 409);
    },
  );

  test("does not know another caller's key, and frees one after a refusal", async () => {
    const { owner, request } = await prepared(endpoint);
    await api.send(withKey(request, 'mine'));
    const colleague = await person(api, { ...owner, userId: randomUUID() });
    const theirs = await api.send(withKey(await example(api, endpoint, colleague), 'mine'));
    expectAnswer(endpoint, theirs, successOf(endpoint));
    expect(theirs.headers.get('idempotency-replayed')).toBeNull();
    if (!endpoint.body) return; // nothing to refuse
    expectAnswer(endpoint, await api.send(withKey({ ...request, body: 'oops' }, 'freed')), 422);
    expectAnswer(endpoint, await api.send(withKey(request, 'freed')), successOf(endpoint));
  });

  test('makes one of 20 sent at the same time', async () => {
    const { request } = await prepared(endpoint);
    const made = await itemsWritten(api, () => api.send(withKey(request, 'alone')));
    const { request: other } = await prepared(endpoint);
    let answers: ApiAnswer[] = [];
    const written = await itemsWritten(api, async () => {
      answers = await Promise.all(Array.from({ length: 20 }, () => api.send(withKey(other, 'crowd'))));
    });
    for (const answer of answers) {
      expectAnswer(endpoint, answer, successOf(endpoint));
      expect(answer.body).toEqual(answers[0]?.body);
    }
    expect(made.size).toBeGreaterThan(0);
    expect(written.size).toBe(made.size);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === null)).toHaveLength(1);
  });

  test.each([' ', 'a b', 'x'.repeat(256), 'é'])('422s %j as Idempotency-Key', async (key) => {
    const { request } = await prepared(endpoint);
    const answer = await api.send(withKey(request, key));
    // fetch trims a blank value away to nothing, which is no visible character either
    expectAnswer(endpoint, answer, 422);
  });
});

const RETRIED_KEY = 'again-after-503';

/** A repeated request is the same one. */
function withKeyed(request: ApiRequest): ApiRequest {
  return { ...request, headers: { ...request.headers, 'idempotency-key': RETRIED_KEY } };
}

/** What the authorizer reads before the operation runs. */
function readsApiKey(input: Readonly<Record<string, unknown>>): boolean {
  return JSON.stringify(input).includes('API_KEY#');
}

/** fetch sends no body with a GET. */
function sendWithBody(url: string, { method = '', path, headers = {} }: ApiRequest, body: string) {
  const all = { ...headers, 'content-type': 'text/plain', 'content-length': String(body.length) };
  return new Promise<{ status: number }>((resolve, reject) => {
    const outgoing = request(url + path, { method, headers: all }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode ?? 0 }));
    });
    outgoing.on('error', reject).end(body);
  });
}

function isUuidIn({ pathParameters }: AnyEndpoint, name: string): boolean {
  return pathParameters?.json.properties?.[name]?.format === 'uuid';
}

function withQueryValue(path: string, name: string, value: string): string {
  const [start = '', query = ''] = path.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set(name, value);
  return `${start}?${parameters.toString()}`;
}

/** A company that is named and not the caller's is 403, a thing that is named is 404, else all is the caller's own. */
function statusForStranger(endpoint: AnyEndpoint): number {
  const namesCompany = endpoint.path.includes('{company_id}') || endpoint.query?.json.properties?.company_id;
  if (namesCompany) return 403;
  return namesIn(endpoint).length > 0 ? 404 : successOf(endpoint);
}

/** The list in the answer of a list operation. */
function listIn(body: unknown): unknown {
  return Array.isArray(body) ? body : Object.values(body as object).find((member) => Array.isArray(member));
}

/** Wrong values for each property of a body. */
function propertiesOf(schema: JsonSchema | undefined): { name: string; wrong: unknown[] }[] {
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => ({
    name,
    wrong: wrongValues(property),
  }));
}
