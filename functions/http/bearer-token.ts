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
 * What holds for a token whoever verified its signature: RS256, a key that is named, an expiry, an issue that is not
 * ahead of now, and no use but access (Cognito's ID tokens say `token_use: id`).
 *
 * Key and time of issue are as API Gateway has them (Amazon API Gateway, "Control access to HTTP APIs with JWT
 * authorizers"). It names no leeway for clocks that disagree, so there is none: RFC 7519 only permits one. `crit` names
 * extensions without which a token must not be accepted (RFC 7515, 4.1.11), and none is understood here.
 *
 * @throws ParleyError unauthorized
 */
export function checkToken({ header, claims }: Token, nowMs = Date.now()): void {
  if (header.alg !== 'RS256') throw new ParleyError('unauthorized', 'Only RS256 tokens are accepted');
  if (typeof header.kid !== 'string' || header.kid === '')
    throw new ParleyError('unauthorized', 'The token does not name its key');
  if (Object.hasOwn(header, 'crit'))
    throw new ParleyError('unauthorized', 'The token needs an extension that is not supported');
  if (typeof claims.exp !== 'number') throw new ParleyError('unauthorized', 'The token has no expiry');
  if (claims.iat !== undefined && !(typeof claims.iat === 'number' && claims.iat * 1_000 <= nowMs))
    throw new ParleyError('unauthorized', 'The token was not issued yet');
  if (claims.token_use !== undefined && claims.token_use !== 'access') {
    throw new ParleyError('unauthorized', 'Only access tokens are accepted');
  }
}
