import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FREE_JSON_BYTES, FREE_JSON_DEPTH } from '../../functions/domain/limits.ts';
import { endpoints } from '../../functions/endpoints.ts';
import { streamEndpoints } from '../../functions/stream-endpoints.ts';
import { startApi } from '../support/api.ts';
import { example, roleOf } from '../support/examples.ts';
import { person } from '../support/people.ts';
import { allItems } from '../support/table.ts';

const api = await startApi();

/** An object of so many levels. */
const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
const ofBytes = (bytes: number) => JSON.stringify({ a: 'x'.repeat(bytes - '{"a":""}'.length) });

/** Every free JSON object that an operation takes; a stream tells of it as an answer does. */
const fields = [...endpoints, ...streamEndpoints].flatMap((endpoint) =>
  Object.entries(endpoint.body?.json.properties ?? {})
    .filter(([, property]) => property['x-max-json-bytes'] !== undefined)
    .map(([field]) => ({ endpoint, field, name: `${field} of ${endpoint.method} ${endpoint.path}` })),
);

test('there are free JSON objects to test, each with both limits', () => {
  expect(fields.map(({ field }) => field)).toEqual(
    expect.arrayContaining(['extra_data', 'metadata', 'configuration']),
  );
  const limits = { 'x-max-json-bytes': FREE_JSON_BYTES, 'x-max-json-depth': FREE_JSON_DEPTH };
  for (const { endpoint, field, name } of fields)
    expect(endpoint.body?.json.properties?.[field], name).toMatchObject(limits);
  const openFields = [...endpoints, ...streamEndpoints].flatMap(({ operation, body }) =>
    Object.entries(body?.json.properties ?? {})
      .filter(([, { additionalProperties }]) => additionalProperties !== undefined)
      .map(([field]) => `${operation} ${field}`),
  );
  expect(openFields).toEqual(fields.map(({ endpoint, field }) => `${endpoint.operation} ${field}`));
});

describe.each(fields)('$name', ({ endpoint, field }) => {
  /** Requests that differ in this field alone, about the same things. */
  const requests = async () => {
    const request = await example(api, endpoint, await person(api));
    const role = 'servedBy' in endpoint ? {} : roleOf(endpoint); // a stream is of an answer
    const { [field]: _, ...rest } = { ...(request.body as object), ...role } as Record<string, unknown>;
    const members = JSON.stringify(rest).slice(1, -1);
    return (json: string) => ({
      ...request,
      headers: { ...request.headers, ...(request.method === 'POST' && { 'idempotency-key': randomUUID() }) },
      body: `{${members}${members && ','}"${field}":${json}}`,
    });
  };
  const sendRaw = async (json: string) => api.send((await requests())(json));

  test.each([
    ['numbers that a double cannot hold', '{"a":9007199254740993,"b":[1e400,0.12345678901234567891,-0]}'],
    ['numbers that DynamoDB cannot hold', '{"a":1e+300,"b":1e-300}'],
    [
      '__proto__, constructor and empty keys',
      '{"__proto__":{"x":1},"constructor":{"prototype":{"y":2}},"":""}',
    ],
    ['empty and odd text', '{"a":"","b":"\\u0000","c":"é😀","#":"\\"\\\\"}'],
    ['200 levels', nested(200)],
    ['32 KiB', ofBytes(32 * 1024)],
    ['nothing', '{}'],
  ])('comes back equal with %s', async (_what, json) => {
    const { status, text } = await sendRaw(json);
    expect(status, text).toBe(200);
    expect(text).toContain(`"${field}":${json}`);
  });

  test('is stored as text that says the same', async () => {
    const json = `{"n":9007199254740993,"of":"${endpoint.operation} ${field}"}`;
    await sendRaw(json);
    const stored = (await allItems(api.table))
      .flatMap((item) => Object.values(item))
      .filter((value) => value === json);
    expect(stored).toHaveLength(1);
  });

  test.each([
    ['201 levels', nested(201), 'x_max_json_depth', 'must nest at most 200 levels deep'],
    ['998 levels', nested(998), 'x_max_json_depth', 'must nest at most 200 levels deep'],
    ['a byte over 32 KiB', ofBytes(32 * 1024 + 1), 'x_max_json_bytes', 'must be at most 32768 bytes of JSON'],
    [
      'a number over 32 KiB',
      `{"a":1${'0'.repeat(32 * 1024)}.5}`,
      'x_max_json_bytes',
      'must be at most 32768 bytes of JSON',
    ],
    [
      '201 levels over 32 KiB',
      `{"a":${nested(200)},"b":${ofBytes(32 * 1024)}}`,
      'x_max_json_bytes',
      'must be at most 32768 bytes of JSON',
    ],
  ])('422s %s at its place, and stores nothing', async (_what, json, type, msg) => {
    const request = (await requests())(json);
    const before = await allItems(api.table);
    const { status, body } = await api.send(request);
    const loc = ['body', field];
    expect([status, body]).toEqual([
      422,
      endpoint.api.errors === 'detail'
        ? { detail: [{ loc, msg, type }] }
        : { error: 'validation_error', message: `${loc.join('.')}: ${msg}` },
    ]);
    expect(await allItems(api.table)).toEqual(before);
  });

  test.each(['12345678901234567890', '1e400', '1', '"text"', '[]', 'true'])(
    '422s %s in its place',
    async (json) => {
      expect((await sendRaw(json)).status).toBe(422);
    },
  );

  test('422s what nests too deep to be read again', async () => {
    expect((await sendRaw(`{"a":${'['.repeat(15_000)}${']'.repeat(15_000)}}`)).status).toBe(422);
  });
});
