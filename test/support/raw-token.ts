import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inject } from 'vitest';

/** What a token says, signed or not as one likes: libraries refuse to make what is to be refused here. */
export interface RawToken {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** In its own format; without one the tests' issuer's. */
  readonly key?: JsonWebKey;
}

/** The private key of the tests' issuer. */
export function signingKey(): JsonWebKey {
  return JSON.parse(readFileSync(inject('signingKeyFile'), 'utf8')) as JsonWebKey;
}

/** A JWT signed with RS256, whatever its header says. What is undefined is left out. */
export function rawToken({ header = {}, claims, key = signingKey() }: RawToken): string {
  const parts = [{ alg: 'RS256', kid: key.kid, ...header }, claims];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return `${text}.${sign('sha256', Buffer.from(text), privateKey).toString('base64url')}`;
}

/** Now, as tokens count: in seconds. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
