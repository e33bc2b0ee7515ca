import { ParleyError } from '../domain/errors.ts';
import type { User } from '../domain/principal.ts';
import { bearerToken, checkToken, type Token } from './bearer-token.ts';
import { type Claims, claimNames, userOf } from './claims.ts';
import type { Incoming } from './event.ts';

/** Whose token a request carries. @throws ParleyError unauthorized where it is not accepted */
export async function principalOf(event: Incoming): Promise<User> {
  return userOf(await verifiedClaims(event), claimNames());
}

/**
 * The gateway hands claims on as strings, and a list as `[a b]`, which cannot be told from a role of that name. So
 * once it has verified the token, the claims are decoded from the same token. Without its word, as in `sam local`,
 * the token is verified here.
 */
async function verifiedClaims(event: Incoming): Promise<Claims> {
  const token = bearerToken(event.headers.authorization);
  const seen = event.requestContext.authorizer?.jwt?.claims;
  if (!seen) return (await verifier())(token);
  checkToken(token);
  const { iss, sub, exp } = token.claims;
  if (iss !== seen.iss || sub !== seen.sub || exp !== Number(seen.exp)) {
    throw new ParleyError('unauthorized', 'The token is not the one that was verified');
  }
  return token.claims;
}

let cachedVerifier: ((token: Token) => Promise<Claims>) | undefined;

/** Behind API Gateway nothing here is needed, so it is loaded on first use only. */
async function verifier(): Promise<(token: Token) => Promise<Claims>> {
  if (cachedVerifier) return cachedVerifier;
  const { jwtConfiguration, jwtVerifier } = await import('./verify-jwt.ts');
  const configuration = jwtConfiguration();
  if (!configuration) throw new ParleyError('unauthorized', 'This deployment accepts no tokens');
  cachedVerifier = jwtVerifier(configuration);
  return cachedVerifier;
}
