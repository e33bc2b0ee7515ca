import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import type { Jwks } from 'aws-jwt-verify/jwk';
import type { User } from '../../functions/domain/principal.ts';
import { claimNames } from '../../functions/http/claims.ts';
import type { JwtConfiguration } from '../../functions/http/verify-jwt.ts';
import { Fault } from '../command/fault.ts';

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

/** The issuer whose key is kept in this file; made on first use, once, also by two processes at the same time. */
export async function openIssuer(keyFile: string): Promise<Issuer> {
  return issuerOf(readKey(keyFile) ?? (await makeKey(keyFile)));
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

function readKey(keyFile: string): JWK | null {
  try {
    return JSON.parse(readFileSync(keyFile, 'utf8')) as JWK;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Fault(`${keyFile} is not readable: delete it, and a new signing key is made`);
  }
}

async function makeKey(keyFile: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const whole = { ...jwk, kid: await calculateJwkThumbprint(jwk) };
  mkdirSync(dirname(keyFile), { recursive: true });
  const draft = `${keyFile}.${process.pid}`;
  writeFileSync(draft, JSON.stringify(whole), { mode: 0o600 });
  try {
    linkSync(draft, keyFile); // fails where another process was first: its key is the one
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readKey(keyFile) ?? whole;
}
