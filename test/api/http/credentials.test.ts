import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { endpoints } from '../../../functions/endpoints.ts';
import { bearerToken } from '../../../functions/http/bearer-token.ts';
import { claimNames, userOf } from '../../../functions/http/claims.ts';
import { router } from '../../../functions/http/router.ts';
import { type JwtConfiguration, jwtConfiguration, jwtVerifier } from '../../../functions/http/verify-jwt.ts';
import { httpEvent } from '../../../lib/local/http-event.ts';
import { startApi } from '../../support/api.ts';
import { samEvent } from '../../support/sam-event.ts';

const api = await startApi();
const rsa = await generateKeyPair('RS256', { extractable: true });
const ec = await generateKeyPair('ES256', { extractable: true });
const jwks = {
  keys: [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256', use: 'sig' },
    { ...(await exportJWK(ec.publicKey)), kid: 'ec', alg: 'ES256', use: 'sig' },
  ],
} as unknown as NonNullable<JwtConfiguration['jwks']>;

const ISSUER = 'https://issuer.example.com/';
const COGNITO = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123';
const now = () => Math.floor(Date.now() / 1000);

interface Made {
  readonly claims?: JWTPayload;
  readonly key?: Parameters<SignJWT['sign']>[0];
  readonly header?: { alg: string; kid: string };
}
const token = ({ claims = {}, key = rsa.privateKey, header = { alg: 'RS256', kid: 'rsa' } }: Made = {}) =>
  new SignJWT({ iss: ISSUER, aud: 'parley', sub: 'u', exp: now() + 60, ...claims })
    .setProtectedHeader(header)
    .sign(key);

/** What a Cognito access token holds: no aud, client_id, token_use, groups. */
const cognitoToken = (claims: JWTPayload = {}) =>
  new SignJWT({
    iss: COGNITO,
    sub: randomUUID(),
    client_id: 'app-client',
    token_use: 'access',
    'cognito:groups': ['coach'],
    'custom:brand_id': 'acme',
    scope: 'openid',
    exp: now() + 60,
    iat: now(),
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'rsa' })
    .sign(rsa.privateKey);

const generic = jwtVerifier({ issuer: ISSUER, audience: ['parley', 'other'], jwks });
const cognito = jwtVerifier({ issuer: COGNITO, audience: ['app-client'], jwks });
const verify = async (verifier: typeof generic, text: string) => verifier(bearerToken(`Bearer ${text}`));
const refused = { code: 'unauthorized' };

describe('a token', () => {
  test('of the issuer, for the audience, within its time, is accepted', async () => {
    await expect(verify(generic, await token())).resolves.toMatchObject({ sub: 'u' });
    await expect(verify(generic, await token({ claims: { aud: ['x', 'other'] } }))).resolves.toBeDefined();
  });

  test('without aud is accepted for its client_id, and with aud is not', async () => {
    const claims = { aud: undefined, client_id: 'parley' } as unknown as JWTPayload;
    await expect(verify(generic, await token({ claims }))).resolves.toBeDefined();
    await expect(
      verify(generic, await token({ claims: { aud: 'x', client_id: 'parley' } })),
    ).rejects.toMatchObject(refused);
  });

  test.each([
    ['of another issuer', { iss: 'https://evil.example.com/' }],
    ['for another audience', { aud: 'other-app' }],
    ['for nobody', { aud: undefined }],
    ['that is expired', { exp: now() - 1 }],
    ['without an expiry', { exp: undefined }],
    ['not valid yet', { nbf: now() + 60 }],
    ['that is an ID token', { token_use: 'id' }],
  ])('%s is refused', async (_what, claims) => {
    await expect(verify(generic, await token({ claims: claims as JWTPayload }))).rejects.toMatchObject(
      refused,
    );
  });

  test('of ES256 is refused, though its key is among the issuer’s', async () => {
    const text = await token({ key: ec.privateKey, header: { alg: 'ES256', kid: 'ec' } });
    await expect(verify(generic, text)).rejects.toMatchObject(refused);
  });

  test('signed by another key, with an unknown key, unsigned or cut is refused', async () => {
    const stranger = await generateKeyPair('RS256');
    const good = await token();
    const [header, claims] = good.split('.');
    const none = Buffer.from('{"alg":"none","kid":"rsa"}').toString('base64url');
    for (const text of [
      await token({ key: stranger.privateKey }),
      await token({ header: { alg: 'RS256', kid: 'nobody' } }),
      `${none}.${claims}.`,
      `${header}.${claims}.`,
      `${header}.${claims}`,
    ]) {
      await expect(
        verify(generic, text).catch((error: unknown) => Promise.reject(error)),
      ).rejects.toMatchObject(refused);
    }
  });

  test('of Cognito is accepted by its client_id; its ID token and another client’s are not', async () => {
    const claims = await verify(cognito, await cognitoToken());
    expect(userOf(claims, claimNames({}))).toMatchObject({
      brandId: 'acme',
      roles: ['coach'],
      companyIds: [],
    });
    await expect(verify(cognito, await cognitoToken({ client_id: 'other' }))).rejects.toMatchObject(refused);
    const idToken = await cognitoToken({ token_use: 'id', aud: 'app-client' });
    await expect(verify(cognito, idToken)).rejects.toMatchObject(refused);
    await expect(verify(cognito, await token())).rejects.toMatchObject(refused);
  });

  test('is 503 when the issuer’s keys cannot be fetched', async () => {
    const nowhere = jwtVerifier({ issuer: 'https://127.0.0.1:1/', audience: ['parley'] });
    await expect(
      verify(nowhere, await token({ claims: { iss: 'https://127.0.0.1:1/' } })),
    ).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe('claims', () => {
  const names = claimNames({});
  test('in an array are taken as they are, in a text split at spaces and commas', () => {
    const of = (roles: unknown) => userOf({ sub: 'u', roles }, names).roles;
    expect(of(['[a b]', 'c d'])).toEqual(['[a b]', 'c d']);
    expect(of('a b,c')).toEqual(['a', 'b', 'c']);
    expect(of(undefined)).toEqual([]);
  });

  test('name companies by integers alone', () => {
    const of = (company_ids: unknown) => userOf({ sub: 'u', company_ids }, names).companyIds;
    expect(of([0, 42, '7', '9007199254740991'])).toEqual([0, 42, 7, 9007199254740991]);
    expect(of([null, '', ' ', true, [7], '0x2a', '1e3', -1, 1.5, '9007199254740992'])).toEqual([]);
  });

  test('name a brand by a text or an integer, and by nothing else', () => {
    const of = (brand_id: unknown) => userOf({ sub: 'u', brand_id }, names).brandId;
    expect([0, 42, 2 ** 53 - 1, '42', '007'].map(of)).toEqual(['0', '42', '9007199254740991', '42', '007']);
    const none = [-1, 1.5, 2 ** 53, 1e21, Number.NaN, '', null, true, [42], { id: 42 }, undefined];
    expect(none.map(of)).toEqual(none.map(() => null));
  });

  test('with a subject or brand that is longer than any id are refused', () => {
    for (const claims of [
      { sub: 'x'.repeat(129) },
      { sub: 'u', brand_id: 'é'.repeat(65) },
      { sub: '' },
      {},
    ]) {
      expect(() => userOf(claims, names)).toThrow(expect.objectContaining(refused));
    }
  });

  test('have configurable names', () => {
    const configured = claimNames({
      JWT_BRAND_CLAIM: 'tenant',
      JWT_ROLES_CLAIM: 'r',
      JWT_COMPANIES_CLAIM: 'c',
    });
    const claims = { sub: 'u', tenant: 't', r: 'admin', c: [1], brand_id: 'no' };
    expect(userOf(claims, configured)).toMatchObject({ brandId: 't', roles: ['admin'], companyIds: [1] });
  });
});

test.each([
  {},
  { JWT_ISSUER: ISSUER },
  { JWT_AUDIENCE: 'parley' },
  { JWT_ISSUER: ISSUER, JWT_AUDIENCE: ' ,' },
])('a deployment with %j accepts no token', (env) => {
  expect(jwtConfiguration(env)).toBeNull();
});

describe('a function', () => {
  const list = { method: 'GET', url: '/v1/conversations', headers: {}, body: Buffer.alloc(0) };
  const match = router(endpoints)('GET', '/v1/conversations');
  const claims = { sub: 'someone', brand_id: 'acme' };
  let authorization = '';
  beforeAll(async () => {
    authorization = (await api.bearer(claims)).authorization;
  });
  const invoke = async (headers: Record<string, string>, seen?: Record<string, unknown>) => {
    if (!match) throw new Error('There is such a route');
    const authorizer = seen && { jwt: { claims: seen as Record<string, string>, scopes: null } };
    const event = httpEvent({ ...list, headers }, match, authorizer ?? null);
    const answer = (await api.handler('conversations-list-conversations')(event)) as { statusCode: number };
    return answer.statusCode;
  };

  test('verifies the token itself where no gateway has, as in sam local', async () => {
    expect(await invoke({ authorization })).toBe(200);
    expect(await invoke({ Authorization: authorization })).toBe(200);
    expect(await invoke({ authorization: `${authorization}x` })).toBe(401);
    expect(await invoke({ authorization: `Bearer ${await token()}` })).toBe(401);
    expect(await invoke({})).toBe(401);
  });

  test('takes events as sam local makes them', async () => {
    const route = { path: '/v1/conversations', headers: { authorization } };
    const key = { authorization, 'content-type': 'application/json', 'idempotency-key': 'sam' };
    const create = (body: string, headers = key) =>
      api.handler('conversations-create-conversation')(
        samEvent({ ...route, method: 'POST', routeKey: 'POST /v1/conversations', headers, body }),
      ) as Promise<{ statusCode: number; headers: Record<string, string>; body: string }>;
    const [made, again, torn] = [
      await create('{"title":"é"}'),
      await create('{"title":"é"}'),
      await create('{'),
    ];
    expect([made.statusCode, JSON.parse(made.body)]).toMatchObject([201, { title: 'é' }]);
    expect([again.headers['idempotency-replayed'], again.body]).toEqual(['true', made.body]);
    expect(torn.statusCode).toBe(422);
    expect((await create('{}', { ...key, authorization: 'Bearer x' })).statusCode).toBe(401);

    const list = samEvent({
      ...route,
      method: 'GET',
      routeKey: 'GET /v1/conversations',
      search: 'limit=1&limit=',
    });
    expect(await api.handler('conversations-list-conversations')(list)).toMatchObject({ statusCode: 422 });
    const { id } = JSON.parse(made.body) as { id: string };
    const messages = samEvent({
      ...route,
      method: 'GET',
      path: `/v1/conversations/${id}/messages`,
      routeKey: 'GET /v1/conversations/{id}/messages',
      pathParameters: { id },
    });
    expect(await api.handler('conversations-list-messages')(messages)).toMatchObject({ statusCode: 200 });
  });

  test('takes the claims from the token that the gateway has verified, and from no other', async () => {
    const { iss, sub, exp } = bearerToken(authorization).claims;
    const seen = { iss, sub, exp: String(exp) };
    expect(await invoke({ authorization }, seen)).toBe(200);
    for (const other of [{ ...seen, sub: 'other' }, { ...seen, iss: 'other' }, { ...seen, exp: '1' }, {}]) {
      expect(await invoke({ authorization }, other)).toBe(401);
    }
    expect(await invoke({}, seen)).toBe(401);
  });

  test('that takes an API key is never run without a verified one', async () => {
    const found = router(endpoints)('GET', '/api/v1/agents');
    if (!found) throw new Error('There is such a route');
    const event = httpEvent({ ...list, url: '/api/v1/agents', headers: { 'x-api-key': 'x' } }, found, null);
    expect(await api.handler('agent-chat-list-agents')(event)).toMatchObject({ statusCode: 401 });
  });
});
