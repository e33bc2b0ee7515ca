import { ParleyError } from '../domain/errors.ts';
import type { Claims } from './claims.ts';

/** A JWT taken apart, not yet verified. */
export interface Token {
  readonly text: string;
  readonly header: Claims;
  readonly claims: Claims;
}

/**
 * The token of an `Authorization: Bearer` header.
 *
 * @throws ParleyError unauthorized when there is none or it is no JWT
 */
export function bearerToken(authorization: string | undefined): Token {
  const text = authorization?.match(/^Bearer +(\S+)$/iu)?.[1];
  if (!text) throw new ParleyError('unauthorized', 'A bearer token is required');
  const [header, claims, signature] = text.split('.').map(decodePart);
  if (!header || !claims || signature === undefined)
    throw new ParleyError('unauthorized', 'The token is no JWT');
  return { text, header, claims };
}

/** The signature decodes to no object, and to null. */
function decodePart(part: string): Claims | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : null;
  } catch {
    return null;
  }
}

/**
 * What holds for a token whoever verified its signature: RS256, an expiry, and no use but access (Cognito's ID tokens
 * say `token_use: id`).
 */
export function checkToken({ header, claims }: Token): void {
  if (header.alg !== 'RS256') throw new ParleyError('unauthorized', 'Only RS256 tokens are accepted');
  if (typeof claims.exp !== 'number') throw new ParleyError('unauthorized', 'The token has no expiry');
  if (claims.token_use !== undefined && claims.token_use !== 'access') {
    throw new ParleyError('unauthorized', 'Only access tokens are accepted');
  }
}
