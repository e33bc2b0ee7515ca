import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { endpoints } from '../../../functions/endpoints.ts';
import { router } from '../../../functions/http/router.ts';
import { httpEvent } from '../../../lib/local/http-event.ts';
import { startApi } from '../../support/api.ts';
import { nowSeconds, type RawToken, rawToken, signingKey } from '../../support/raw-token.ts';
import { samEvent } from '../../support/sam-event.ts';

/** The same rules hold on every way in: a token that one refuses is refused by all of them. */
const api = await startApi();
const { issuer, audience } = api.issuer.configuration;

const stranger = {
  ...generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ format: 'jwk' }),
  kid: signingKey().kid,
};

/** A token that is good but for what is changed. */
const made = ({ claims = {}, ...changed }: Partial<RawToken> = {}): RawToken => ({
  claims: {
    iss: issuer,
    aud: audience[0],
    sub: 'someone',
    brand_id: 'acme',
    iat: nowSeconds(),
    exp: nowSeconds() + 60,
    ...claims,
  },
  ...changed,
});

type Send = (token: RawToken) => Promise<number>;

const LIST = { method: 'GET', path: '/v1/conversations' };
const listRoute = router(endpoints)(LIST.method, LIST.path);
const statusOf = async (event: unknown) =>
  ((await api.handler('conversations-list-conversations')(event)) as { statusCode: number }).statusCode;
const bearer = (token: RawToken) => ({ authorization: `Bearer ${rawToken(token)}` });

/** The ways in, with the status that a good token has there. */
const WAYS: readonly { name: string; accepted: number; send: Send }[] = [
  {
    name: 'by the gateway',
    accepted: 200,
    send: async (token) => (await api.send({ ...LIST, headers: bearer(token) })).status,
  },
  {
    name: 'by a stream URL',
    accepted: 404, // of a turn that is not there
    send: async (token) => {
      const path = `/v1/conversations/${randomUUID()}/turns/${randomUUID()}/stream`;
      return (await api.send({ method: 'GET', path, headers: bearer(token) })).status;
    },
  },
  {
    name: 'by a function that no gateway has verified tokens for, as in sam local',
    accepted: 200,
    send: (token) =>
      statusOf(samEvent({ ...LIST, routeKey: 'GET /v1/conversations', headers: bearer(token) })),
  },
];

/** A function behind API Gateway, which has verified all but what it does not know of. */
const BEHIND_GATEWAY: Send = (token) => {
  if (!listRoute) throw new Error('There is such a route');
  const { iss, sub, exp } = token.claims;
  const claims = { iss, sub, exp: String(exp) } as Record<string, string>;
  const request = { method: LIST.method, url: LIST.path, headers: bearer(token), body: Buffer.alloc(0) };
  return statusOf(httpEvent(request, listRoute, { jwt: { claims, scopes: null } }));
};

/** What no way accepts, whoever looks at the signature. */
const REFUSED_BY_ALL: readonly [string, () => RawToken][] = [
  ['without a kid', () => made({ header: { kid: undefined } })],
  ['with an empty kid', () => made({ header: { kid: '' } })],
  ['with a kid that is no text', () => made({ header: { kid: 1 } })],
  ['with an extension that must be understood', () => made({ header: { crit: ['exp'], exp: 1 } })],
  ['with another such extension', () => made({ header: { crit: ['b64'], b64: true } })],
  ['with an empty list of extensions', () => made({ header: { crit: [] } })],
  ['with a null for a list of extensions', () => made({ header: { crit: null } })],
  ['issued a minute from now', () => made({ claims: { iat: nowSeconds() + 60 } })],
  ['issued some seconds from now', () => made({ claims: { iat: nowSeconds() + 5 } })],
  ['issued at no time', () => made({ claims: { iat: 'now' } })],
  ['without an expiry', () => made({ claims: { exp: undefined } })],
  ['with another algorithm', () => made({ header: { alg: 'RS512' } })],
  ['with none', () => made({ header: { alg: 'none' } })],
  ['that is an ID token', () => made({ claims: { token_use: 'id' } })],
];

/** What those refuse that look at everything. */
const REFUSED: readonly [string, () => RawToken][] = [
  ...REFUSED_BY_ALL,
  ['of a key that is not the issuer’s', () => made({ header: { kid: 'nobody' } })],
  ['signed by somebody else', () => made({ key: stranger })],
  ['of another issuer', () => made({ claims: { iss: `${issuer}/` } })],
  ['for another audience', () => made({ claims: { aud: 'other', client_id: audience[0] } })],
  ['for nobody', () => made({ claims: { aud: undefined } })],
  ['that is expired', () => made({ claims: { exp: nowSeconds() - 1 } })],
  ['that is not good yet', () => made({ claims: { nbf: nowSeconds() + 60 } })],
];

const ACCEPTED: readonly [string, () => RawToken][] = [
  ['as issuers make them', () => made()],
  ['without the time of its issue', () => made({ claims: { iat: undefined } })],
  ['for a client_id', () => made({ claims: { aud: undefined, client_id: audience[0] } })],
  ['of a type', () => made({ header: { typ: 'at+jwt' } })],
];

describe.each(WAYS)('$name', ({ accepted, send }) => {
  test.each(ACCEPTED)('a token %s is accepted', async (_what, token) => {
    expect(await send(token())).toBe(accepted);
  });
  test.each(REFUSED)('401s a token %s', async (_what, token) => {
    expect(await send(token())).toBe(401);
  });
});

describe('behind a gateway that has verified it', () => {
  test.each(ACCEPTED)('a token %s is accepted', async (_what, token) => {
    expect(await BEHIND_GATEWAY(token())).toBe(200);
  });
  test.each(REFUSED_BY_ALL)('401s a token %s', async (_what, token) => {
    expect(await BEHIND_GATEWAY(token())).toBe(401);
  });
});
