import type { Jwks } from 'aws-jwt-verify/jwk';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { User } from '../../functions/domain/principal.ts';
import { claimNames } from '../../functions/http/claims.ts';
import type { JwtConfiguration } from '../../functions/http/verify-jwt.ts';
import { keptFile, unreadable } from './kept-file.ts';

/** Who local tokens come from: the same on every port, so that a token made before the start is accepted after it. */
const LOCAL_ISSUER = 'https://issuer.parley.localhost';
const LOCAL_AUDIENCE = 'parley';
const DEFAULT_LIFETIME = '12h';

/** A signing key, and what a verifier of its tokens must know. */
export interface Issuer {
  readonly configuration: Required<JwtConfiguration>;
  /** Signs claims; `sub` and whatever else they say is taken as it is. */
  sign(claims: Readonly<Record<string, unknown>>, lifetime?: string): Promise<string>;
}

/** The issuer whose key is kept in this file. @throws Fault when the file holds no key */
export async function openIssuer(keyFile: string): Promise<Issuer> {
  const text = await keptFile(keyFile, makeKey);
  try {
    return await issuerOf(JSON.parse(text) as JWK);
  } catch {
    throw unreadable(keyFile);
  }
}

async function issuerOf(privateJwk: JWK): Promise<Issuer> {
  const key = await importJWK(privateJwk, 'RS256');
  const { kty, n, e, kid } = privateJwk;
  const jwks = { keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' }] } as Jwks; // an RSA key has all of these
  return {
    configuration: { issuer: LOCAL_ISSUER, audience: [LOCAL_AUDIENCE], jwks },
    sign: async (claims, lifetime = DEFAULT_LIFETIME) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: kid ?? '' })
        .setIssuer(LOCAL_ISSUER)
        .setAudience(LOCAL_AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(key),
  };
}

/** What a local token says of a user, under the names by which local functions read it. */
export function localClaims({
  userId,
  brandId,
  roles,
  companyIds,
}: Omit<User, 'kind'>): Record<string, unknown> {
  const names = claimNames();
  return {
    sub: userId,
    ...(brandId !== null && { [names.brand]: brandId }),
    ...(roles.length > 0 && { [names.roles]: roles }),
    ...(companyIds.length > 0 && { [names.companies]: companyIds }),
  };
}

async function makeKey(): Promise<string> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return JSON.stringify({ ...jwk, kid: await calculateJwkThumbprint(jwk) });
}
