import { CognitoJwtVerifier, JwtVerifier } from 'aws-jwt-verify';
import { FetchError } from 'aws-jwt-verify/error';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { ParleyError } from '../domain/errors.ts';
import { wordsOf } from '../domain/words.ts';
import { checkToken, type Token } from './bearer-token.ts';
import type { Claims } from './claims.ts';

/** Whose tokens are accepted, and for whom. */
export interface JwtConfiguration {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** The issuer's keys, where they are given instead of fetched: `aws-jwt-verify` fetches from https only. */
  readonly jwks?: Jwks;
}

type Verify = (token: string) => Promise<Claims>;

const COGNITO_ISSUER = /^https:\/\/cognito-idp\.[a-z0-9-]+\.amazonaws\.com\/(?<userPoolId>[\w-]+)$/u;

/** The deployment's configuration, or null where it has no issuer or no audience: then every token is refused. */
export function jwtConfiguration(env: NodeJS.ProcessEnv = process.env): JwtConfiguration | null {
  const audience = wordsOf(env.JWT_AUDIENCE ?? '');
  if (!env.JWT_ISSUER || audience.length === 0) return null;
  // The text comes from whoever deploys, not from a caller.
  const jwks = env.JWT_JWKS ? { jwks: JSON.parse(env.JWT_JWKS) as Jwks } : {};
  return { issuer: env.JWT_ISSUER, audience, ...jwks };
}

/**
 * A verifier with the rules of API Gateway's JWT authorizer and ours: RS256, issuer, expiry, audience, access tokens.
 * It keeps the issuer's keys, so make one and use it again.
 *
 * @throws ParleyError unauthorized for any token it does not accept, unavailable when the keys cannot be fetched
 */
export function jwtVerifier(configuration: JwtConfiguration): (token: Token) => Promise<Claims> {
  const verify = configuration.issuer.match(COGNITO_ISSUER)
    ? cognitoVerifier(configuration)
    : genericVerifier(configuration);
  return async (token) => {
    checkToken(token);
    try {
      return await verify(token.text);
    } catch (cause) {
      if (cause instanceof FetchError)
        throw new ParleyError('unavailable', "The issuer's keys cannot be fetched", { cause });
      throw new ParleyError('unauthorized', 'The token is not accepted', { cause });
    }
  };
}

function cognitoVerifier({ issuer, audience, jwks }: JwtConfiguration): Verify {
  const userPoolId = issuer.match(COGNITO_ISSUER)?.groups?.userPoolId ?? '';
  const verifier = CognitoJwtVerifier.create({ userPoolId, clientId: [...audience], tokenUse: 'access' });
  if (!jwks) return (token) => verifier.verify(token);
  verifier.cacheJwks(jwks);
  return async (token) => verifier.verifySync(token);
}

function genericVerifier({ issuer, audience, jwks }: JwtConfiguration): Verify {
  const verifier = JwtVerifier.create({
    issuer,
    audience: null, // checked below: the library does not know that client_id stands in for a missing aud
    customJwtCheck: ({ payload }) => {
      const named = payload.aud ?? payload.client_id;
      const matches = [named].flat().some((each) => typeof each === 'string' && audience.includes(each));
      if (!matches) throw new ParleyError('unauthorized', 'The token is for another audience');
    },
  });
  if (!jwks) return (token) => verifier.verify(token);
  verifier.cacheJwks(jwks);
  return async (token) => verifier.verifySync(token);
}
