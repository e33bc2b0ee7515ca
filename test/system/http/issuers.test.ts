import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { bearerToken } from '../../../functions/http/bearer-token.ts';
import { jwtVerifier } from '../../../functions/http/verify-jwt.ts';
import { startApi } from '../../support/api.ts';
import { OIDC_KINDS, type OidcKind, startOidcIssuer } from '../../support/oidc-issuer.ts';
import { nowSeconds } from '../../support/raw-token.ts';
import { inOwnProcesses } from '../../support/run-function.ts';
import { samEvent } from '../../support/sam-event.ts';
import { answers, type Behaviour } from '../../support/tool-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'parley-certificates-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** An issuer, and an API that trusts it. */
async function trusting(kind: OidcKind) {
  const issuer = await startOidcIssuer(kind);
  const file = join(folder, `${randomUUID()}.pem`);
  writeFileSync(file, issuer.certificates.join('\n'));
  // Functions are processes of their own, which keep the keys of one issuer.
  const run: typeof inOwnProcesses = (environment) =>
    inOwnProcesses({ ...environment, NODE_EXTRA_CA_CERTS: file });
  return { issuer, api: await startApi({ issuer, run }) };
}

const OIDC: OidcKind = {
  name: '',
  issuer: '/a',
  discovery: '/a/.well-known/openid-configuration',
  keys: '/b',
};
const claims = { sub: 'someone', brand_id: 'acme' };

describe.each(OIDC_KINDS)('tokens of an issuer like $name', async (kind) => {
  const { issuer, api } = await trusting(kind);
  const headersOf = (token: string) => ({ authorization: `Bearer ${token}` });
  /** A stream of the answer to a question, the first words of whose answer are waited for. */
  const streamed = async (token: string) => {
    const headers = headersOf(issuer.sign(claims));
    const { body } = await api.send({ path: '/v1/conversations', headers, body: {} });
    return api.send({
      path: `/v1/conversations/${body.id}/messages/stream`,
      headers: headersOf(token),
      body: { role: 'user', content: 'Q' },
    });
  };

  test('are 503 while its document is broken, and accepted as soon as it is not', async () => {
    const path = `/v1/conversations/${randomUUID()}/turns/${randomUUID()}/stream`;
    const follow = () => api.send({ method: 'GET', path, headers: headersOf(issuer.sign(claims)) });
    issuer.breaks({ at: answers('', { status: 404 }) });
    const broken = await follow();
    expect([broken.status, broken.body]).toEqual([503, { message: 'Service Unavailable' }]);
    expect(Number(broken.headers.get('retry-after'))).toBeGreaterThan(0);
    issuer.publishes(issuer.first);
    expect((await follow()).status).toBe(404); // there is no such turn
  });

  test('open a stream', async () => {
    const { status, text } = await streamed(issuer.sign(claims));
    expect([status, text]).toEqual([200, expect.stringContaining('event: done')]);
  });

  test('open other operations, behind the local gateway and in a function of its own', async () => {
    const headers = headersOf(issuer.sign(claims));
    const list = { method: 'GET', path: '/v1/conversations', headers };
    expect((await api.send(list)).status).toBe(200);
    const event = samEvent({ ...list, routeKey: 'GET /v1/conversations' });
    expect(await api.handler('conversations-list-conversations')(event)).toMatchObject({ statusCode: 200 });
  });

  test.each<[string, () => string]>([
    ['signed with a key that it does not publish', () => issuer.sign(claims, issuer.next)],
    [
      'signed with another key under the name of its own',
      () => issuer.sign(claims, { ...issuer.next, kid: issuer.first.kid }),
    ],
    ['of another issuer', () => issuer.sign({ ...claims, iss: `${issuer.issuer}x` })],
    ['for another audience', () => issuer.sign({ ...claims, aud: 'other' })],
    ['that are expired', () => issuer.sign({ ...claims, exp: nowSeconds() - 1 })],
    ['that are not good yet', () => issuer.sign({ ...claims, nbf: nowSeconds() + 60 })],
    ['that were not issued yet', () => issuer.sign({ ...claims, iat: nowSeconds() + 60 })],
  ])('are 401 where they are %s', async (_what, token) => {
    const { status, body } = await streamed(token());
    expect([status, body]).toEqual([401, { message: 'Unauthorized' }]);
  });
});

describe('keys', () => {
  afterEach(() => void vi.useRealTimers());
  const verifierOf = async () => {
    const issuer = await startOidcIssuer(OIDC);
    const verifier = jwtVerifier(issuer.configuration);
    const verify = async (key = issuer.first) =>
      verifier(bearerToken(`Bearer ${issuer.sign(claims, key)}`)).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      );
    return { issuer, verifier, verify };
  };
  const never: Behaviour = () => {};

  test.each<[string, (document: object) => { at?: Behaviour; keysAt?: Behaviour }]>([
    ['the document is not there', () => ({ at: answers('', { status: 404 }) })],
    ['the document fails', () => ({ at: answers('', { status: 500 }) })],
    ['the document is elsewhere', () => ({ at: answers('', { status: 302, headers: { location: '/b' } }) })],
    ['the document is no JSON', () => ({ at: answers('<html>') })],
    ['the document is null', () => ({ at: answers('null') })],
    [
      'the document is another issuer’s',
      (d) => ({ at: answers(JSON.stringify({ ...d, issuer: 'https://x' })) }),
    ],
    ['the document names no keys', (d) => ({ at: answers(JSON.stringify({ ...d, jwks_uri: undefined })) })],
    [
      'the document names keys by http',
      (d) => ({ at: answers(JSON.stringify({ ...d, jwks_uri: 'http://localhost/b' })) }),
    ],
    ['the document names no URL', (d) => ({ at: answers(JSON.stringify({ ...d, jwks_uri: '/b' })) })],
    ['the document never comes', () => ({ at: never })],
    ['the connection breaks', () => ({ at: (outgoing) => outgoing.destroy() })],
    ['the keys are not there', () => ({ keysAt: answers('', { status: 404 }) })],
    ['the keys are no JSON', () => ({ keysAt: answers('<html>') })],
    ['the keys are no list', () => ({ keysAt: answers('{"keys":{}}') })],
    ['a key is none', () => ({ keysAt: answers('{"keys":[{"kid":1}]}') })],
    ['the keys never come', () => ({ keysAt: never })],
  ])(
    'are unavailable where %s, until it is mended',
    async (_what, broken) => {
      const { issuer, verify } = await verifierOf();
      issuer.breaks(broken(issuer.document));
      expect(await verify()).toBe('unavailable');
      issuer.publishes(issuer.first);
      expect(await verify()).toBe('accepted');
    },
    15_000,
  );

  test('that cannot be had say why to the log alone', async () => {
    const { issuer, verifier } = await verifierOf();
    issuer.breaks({ at: answers(JSON.stringify({ ...issuer.document, issuer: 'https://x' })) });
    const refused = verifier(bearerToken(`Bearer ${issuer.sign(claims)}`));
    await expect(refused).rejects.toMatchObject({
      message: "The issuer's keys cannot be fetched",
      cause: {
        name: 'ParleyError',
        message: `The discovery document of ${issuer.issuer} is another issuer's`,
      },
    });
  });

  test('are fetched once for many, and not for tokens of others', async () => {
    const { issuer, verifier, verify } = await verifierOf();
    for (const wrong of [{ iss: 'https://other' }, { aud: 'other' }, { iat: nowSeconds() + 60 }])
      await expect(verifier(bearerToken(`Bearer ${issuer.sign({ ...claims, ...wrong })}`))).rejects.toThrow();
    expect(issuer.asked()).toEqual({ discovery: 0, keys: 0 });
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => verify())))).toEqual(
      new Set(['accepted']),
    );
    expect(issuer.asked()).toEqual({ discovery: 1, keys: 1 });
  });

  test('that are new are found when a token names one', async () => {
    const { issuer, verify } = await verifierOf();
    expect(await verify()).toBe('accepted');
    issuer.publishes(issuer.first, issuer.next);
    expect([await verify(issuer.next), await verify()]).toEqual(['accepted', 'accepted']);
    expect(issuer.asked()).toEqual({ discovery: 2, keys: 2 });
  });

  test('that nobody has are looked for once, not for every token', async () => {
    const { issuer, verify } = await verifierOf();
    expect(await verify()).toBe('accepted');
    for (let count = 0; count < 10; count += 1) {
      const strangers = Array.from({ length: 5 }, () => ({ ...issuer.next, kid: randomUUID() }));
      const seen = await Promise.all(strangers.map((key) => verify(key)));
      expect(new Set(seen)).toEqual(new Set(['unauthorized']));
    }
    expect(issuer.asked()).toEqual({ discovery: 2, keys: 2 });
    expect(await verify()).toBe('accepted');
  });

  test('that were withdrawn, or have another content under their name, are good for two hours at most', async () => {
    const { issuer, verify } = await verifierOf();
    expect(await verify()).toBe('accepted');
    const renewed = { ...issuer.next, kid: issuer.first.kid };
    issuer.publishes(renewed);
    expect([await verify(), await verify(renewed)]).toEqual(['accepted', 'unauthorized']);
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + 2 * 60 * 60_000 + 1);
    expect([await verify(), await verify(renewed)]).toEqual(['unauthorized', 'accepted']);
  });
});
