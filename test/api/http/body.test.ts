import { Hash, randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Scope } from '../../../functions/domain/principal.ts';
import { startApi } from '../../support/api.ts';
import { person } from '../../support/people.ts';

const api = await startApi();
const KIB = 1024;

afterEach(() => vi.restoreAllMocks());

const bodyWith = (members: string) =>
  `{"name":"A","configuration":{},"template_id":"${randomUUID()}",${members}}`;
/** Makes an agent once it is called. */
const create = async (
  body: string,
  { scopes = ['write'], headers = {} }: { scopes?: readonly Scope[]; headers?: Record<string, string> } = {},
) => {
  const { apiKey } = await person(api, { scopes });
  const all = { ...apiKey, 'idempotency-key': randomUUID(), ...headers };
  return () => api.send({ path: '/api/v1/agents', headers: all, body });
};

describe('a body', () => {
  test('is parsed once, whatever is in it', async () => {
    const body = bodyWith('"metadata":{"a":[1e400]},"unknown":{"a":[1e400,{"b":1}]}');
    const send = await create(body);
    const parse = vi.spyOn(JSON, 'parse');
    expect((await send()).status).toBe(200);
    const ofBody = parse.mock.calls.filter(([text]) => text.includes('1e400') && text.includes('unknown'));
    expect(ofBody).toHaveLength(1);
  });

  /** Texts that were hashed with this in them. */
  const hashedWith = (update: { mock: { calls: unknown[][] } }, marker: string) =>
    update.mock.calls.filter(([text]) => typeof text === 'string' && text.includes(marker)).length;

  test.each<[string, number, string, { scopes?: readonly Scope[] }]>([
    ['is within all limits', 200, '{}', {}],
    ['is too large', 422, JSON.stringify({ a: 'x'.repeat(33 * KIB) }), {}],
    ['nests too deep', 422, `${'{"a":'.repeat(201)}0${'}'.repeat(201)}`, {}],
    ['is no object', 422, '7', {}],
    ['is not the caller’s to write', 403, '{}', { scopes: ['read'] }],
  ])('that %s is %d, and is hashed only where it is taken', async (_what, expected, metadata, options) => {
    const marker = randomUUID();
    const send = await create(bodyWith(`"unknown":"${marker}","metadata":${metadata}`), options);
    const update = vi.spyOn(Hash.prototype, 'update');
    expect((await send()).status).toBe(expected);
    expect(hashedWith(update, marker)).toBe(expected === 200 ? 1 : 0);
  });

  test('is the same for one key by its JSON, exactly: also numbers that no double holds, where nobody knows them', async () => {
    const template = randomUUID();
    const headers = { ...(await person(api)).apiKey, 'idempotency-key': randomUUID() };
    const send = (unknown: string) => {
      const body = `{"name":"A","configuration":{},"template_id":"${template}","unknown":${unknown}}`;
      return api.send({ path: '/api/v1/agents', headers, body });
    };
    const first = await send('[1e400, 9007199254740993]');
    for (const same of ['[10e399,9007199254740993.0]', '[1E+400,9007199254740993]'])
      expect((await send(same)).body).toEqual(first.body);
    for (const other of ['[1e401,9007199254740993]', '[1e400,9007199254740992]', '[0,9007199254740993]', '7'])
      expect((await send(other)).status).toBe(409);
  });

  test('with a bad key is refused for the key, at its place, before it is looked at itself', async () => {
    const headers = { 'idempotency-key': 'a b' };
    const { status, body } = await (await create(bodyWith('"metadata":7'), { headers }))();
    const msg = 'must be 1 to 255 visible ASCII characters';
    expect([status, body]).toEqual([
      422,
      { detail: [{ loc: ['header', 'idempotency-key'], msg, type: 'pattern' }] },
    ]);
  });

  test('that nests without end is 422, and 413 and 415 come first', async () => {
    const { bearer } = await person(api);
    const { body: made } = await api.send({ path: '/v1/conversations', headers: bearer, body: {} });
    const path = `/v1/conversations/${made.id}/messages`;
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const send = (content: string, type: string) => {
      const headers = { ...bearer, 'content-type': type };
      return api.send({ path, headers, body: `{"role":"user","content":"${content}","unknown":${deep}}` });
    };
    const long = 'x'.repeat(256 * KIB + 1);
    const said = [
      await send('a', 'application/json'),
      await send('a', 'text/plain'),
      await send(long, 'text/plain'),
    ];
    expect(said.map(({ status }) => status)).toEqual([422, 415, 413]);
    expect(said[0]?.body).toEqual({ error: 'validation_error', message: 'body: nests too deep' });
  });

  test.each([
    ['application/json', 200],
    ['application/json ; charset=utf-8', 200],
    [' application/vnd.api+json\t;a=b', 200],
    [`application/json${' '.repeat(4_000)};`, 200],
    ['application/jsonx', 415],
    ['text/plain; application/json', 415],
  ])('of the type %j is %d', async (type, status) => {
    expect(
      (await (await create(bodyWith('"metadata":{}'), { headers: { 'content-type': type } }))()).status,
    ).toBe(status);
  });
});
