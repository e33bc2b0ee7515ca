import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';
import type { JwtConfiguration } from '../../functions/http/verify-jwt.ts';
import { nowSeconds, rawToken } from './raw-token.ts';
import { answers, type Behaviour, startToolServer } from './tool-server.ts';

/** Where an issuer has what, as its maker's documentation says; paths are under its host. */
export interface OidcKind {
  readonly name: string;
  readonly issuer: string;
  readonly discovery: string;
  readonly keys: string;
  /** Whether its keys are on another host than it is. */
  readonly isElsewhere?: true;
}

/** Issuers as they are configured in the field, which have their keys in as many places. */
export const OIDC_KINDS: readonly OidcKind[] = [
  {
    name: 'Keycloak', // keycloak.org, "Securing applications": OpenID Connect endpoints
    issuer: '/realms/acme',
    discovery: '/realms/acme/.well-known/openid-configuration',
    keys: '/realms/acme/protocol/openid-connect/certs',
  },
  {
    name: 'Entra ID', // learn.microsoft.com, "OpenID Connect on the Microsoft identity platform"
    issuer: '/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0',
    discovery: '/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/v2.0/.well-known/openid-configuration',
    keys: '/8eaef023-2b34-4da1-9baa-8bc8c9d6a490/discovery/v2.0/keys',
  },
  {
    name: 'Okta', // developer.okta.com, "OpenID Connect & OAuth 2.0 API"
    issuer: '/oauth2/default',
    discovery: '/oauth2/default/.well-known/openid-configuration',
    keys: '/oauth2/default/v1/keys',
  },
  {
    name: 'Google', // developers.google.com, "OpenID Connect": accounts.google.com, keys at www.googleapis.com
    issuer: '',
    discovery: '/.well-known/openid-configuration',
    keys: '/oauth2/v3/certs',
    isElsewhere: true,
  },
  {
    name: 'Auth0', // auth0.com/docs: its issuer ends with a slash
    issuer: '/',
    discovery: '/.well-known/openid-configuration',
    keys: '/.well-known/jwks.json',
  },
];

/** A signing key of an issuer's, both halves. */
function newKey(): JsonWebKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID() };
}

function publicHalf({ kty, n, e, kid }: JsonWebKey): object {
  return { kty, n, e, kid, use: 'sig', alg: 'RS256' };
}

/**
 * An issuer over real TLS on loopback, whose certificate this process trusts. Of its documents it has what verifiers
 * read; it has no sign-in.
 */
export async function startOidcIssuer({ issuer: path, discovery, keys, isElsewhere }: OidcKind) {
  const server = await startToolServer();
  const keyServer = isElsewhere ? await startToolServer() : server;
  const issuer = server.url + path;
  const [first, next] = [newKey(), newKey()];
  const serve = (at: Behaviour, keysAt: Behaviour) => {
    server.behaviours.set(discovery, at);
    keyServer.behaviours.set(keys, keysAt);
  };
  const document = { issuer, jwks_uri: keyServer.url + keys };
  const good = answers(JSON.stringify(document));
  const published = (...all: JsonWebKey[]) => answers(JSON.stringify({ keys: all.map(publicHalf) }));
  const claimsOf = (claims: object) => ({
    iss: issuer,
    aud: 'parley',
    iat: nowSeconds(),
    exp: nowSeconds() + 60,
    ...claims,
  });
  serve(good, published(first));
  const configuration: JwtConfiguration = { issuer, audience: ['parley'] };
  return {
    issuer,
    configuration,
    document,
    first,
    next,
    certificates: [server.certificate, keyServer.certificate],
    sign: (claims: object, key = first) => rawToken({ claims: claimsOf(claims), key }),
    /** Answers with these instead of a document or keys. */
    breaks: ({ at = good, keysAt = published(first) }: { at?: Behaviour; keysAt?: Behaviour }) =>
      serve(at, keysAt),
    /** Is as it was in the beginning, or has other keys. */
    publishes: (...all: JsonWebKey[]) => serve(good, published(...all)),
    /** How often each of its documents was asked for. */
    asked: () => ({
      discovery: server.received.filter(({ url }) => url === discovery).length,
      keys: keyServer.received.filter(({ url }) => url === keys).length,
    }),
  };
}
