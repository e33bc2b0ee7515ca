import { describe, expect, test } from 'vitest';
import { endpoints } from '../functions/endpoints.ts';
import { startApi } from './support/api.ts';
import { example, roleOf } from './support/examples.ts';
import { person } from './support/people.ts';
import { allItems } from './support/table.ts';

const api = await startApi();

/** Every free JSON object that an operation takes. */
const fields = endpoints.flatMap((endpoint) =>
  Object.entries(endpoint.body?.json.properties ?? {})
    .filter(([, property]) => property['x-max-json-bytes'] !== undefined)
    .map(([field]) => ({ endpoint, field, name: `${field} of ${endpoint.method} ${endpoint.path}` })),
);

test('there are free JSON objects to test', () => {
  expect(fields.map(({ field }) => field)).toEqual(
    expect.arrayContaining(['extra_data', 'metadata', 'configuration']),
  );
});

describe.each(fields)('$name', ({ endpoint, field }) => {
  const sendRaw = async (json: string) => {
    const request = await example(api, endpoint, await person(api));
    const { [field]: _, ...rest } = { ...(request.body as object), ...roleOf(endpoint) } as Record<
      string,
      unknown
    >;
    const members = JSON.stringify(rest).slice(1, -1);
    return api.send({ ...request, body: `{${members}${members && ','}"${field}":${json}}` });
  };

  test.each([
    ['numbers that a double cannot hold', '{"a":9007199254740993,"b":[1e400,0.12345678901234567891,-0]}'],
    ['numbers that DynamoDB cannot hold', '{"a":1e+300,"b":1e-300}'],
    [
      '__proto__, constructor and empty keys',
      '{"__proto__":{"x":1},"constructor":{"prototype":{"y":2}},"":""}',
    ],
    ['empty and odd text', '{"a":"","b":"\\u0000","c":"é😀","#":"\\"\\\\"}'],
    ['900 levels', `{"a":${'['.repeat(900)}${']'.repeat(900)}}`],
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

  test('422s over 32 KiB, and takes 32 KiB', async () => {
    const ofBytes = (bytes: number) => JSON.stringify({ a: 'x'.repeat(bytes - '{"a":""}'.length) });
    expect((await sendRaw(ofBytes(32 * 1024))).status).toBe(200);
    expect((await sendRaw(ofBytes(32 * 1024 + 1))).status).toBe(422);
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
