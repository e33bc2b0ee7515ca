import { JwksValidationError, JwkValidationError } from 'aws-jwt-verify/error';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { JwtVerifier } from 'aws-jwt-verify/jwt-verifier'; // without those for Cognito and load balancers
import { ParleyError } from '../domain/errors.ts';
import { wordsOf } from '../domain/words.ts';
import { checkToken, type Token } from './bearer-token.ts';
import type { Claims } from './claims.ts';
import { discoveryUrl, issuerKeys, keysUnavailable } from './issuer-keys.ts';

/** Whose tokens are accepted, and for whom. */
export interface JwtConfiguration {
  readonly issuer: string;
  readonly audience: readonly string[];
  /** The issuer's keys, where they are given instead of fetched: the local issuer has no https. */
  readonly jwks?: Jwks;
}

/**
 * API Gateway's JWT authorizer keeps keys for up to two hours (Amazon API Gateway, "Control access to HTTP APIs with JWT
 * authorizers"): so long a key that its issuer has withdrawn is good here, too.
 */
const KEYS_MS = 2 * 60 * 60_000;

/** The deployment's configuration, or null where it has no issuer or no audience: then every token is refused. */
export function jwtConfiguration(env: NodeJS.ProcessEnv = process.env): JwtConfiguration | null {
  const audience = wordsOf(env.JWT_AUDIENCE ?? '');
  if (!env.JWT_ISSUER || audience.length === 0) return null;
  // The text comes from whoever deploys, not from a caller.
  const jwks = env.JWT_JWKS ? { jwks: JSON.parse(env.JWT_JWKS) as Jwks } : {};
  return { issuer: env.JWT_ISSUER, audience, ...jwks };
}

/**
 * A verifier with the rules of API Gateway's JWT authorizer and ours: RS256, issuer, times, audience, access tokens.
 * It keeps the issuer's keys, so make one and use it again.
 *
 * @throws ParleyError unauthorized for any token it does not accept, unavailable when the keys cannot be fetched
 */
export function jwtVerifier(configuration: JwtConfiguration): (token: Token) => Promise<Claims> {
  const { issuer, audience, jwks } = configuration;
  let verifier = newVerifier(configuration);
  let renewAtMs = Date.now() + KEYS_MS;
  return async (token) => {
    checkToken(token);
    checkAddress(token.claims, { issuer, audience }); // before keys are fetched for it
    if (Date.now() >= renewAtMs) {
      verifier = newVerifier(configuration);
      renewAtMs = Date.now() + KEYS_MS;
    }
    try {
      return jwks ? verifier.verifySync(token.text) : await verifier.verify(token.text);
    } catch (cause) {
      if (cause instanceof ParleyError) throw cause;
      if (cause instanceof JwksValidationError || cause instanceof JwkValidationError)
        throw keysUnavailable(`The keys of ${issuer} are no JWKS`);
      throw new ParleyError('unauthorized', 'The token is not accepted', { cause });
    }
  };
}

function newVerifier({ issuer, jwks }: JwtConfiguration) {
  const verifier = JwtVerifier.create(
    // The library does not know that client_id stands in for a missing aud, nor where keys are but by the URI.
    { issuer, audience: null, jwksUri: discoveryUrl(issuer) },
    { jwksCache: issuerKeys(issuer) },
  );
  if (jwks) verifier.cacheJwks(jwks);
  return verifier;
}

/** `client_id` counts where there is no `aud`, as for API Gateway: Cognito's access tokens have no other. */
function checkAddress(
  claims: Claims,
  { issuer, audience }: Pick<JwtConfiguration, 'issuer' | 'audience'>,
): void {
  if (claims.iss !== issuer) throw new ParleyError('unauthorized', 'The token is of another issuer');
  const named = [claims.aud ?? claims.client_id].flat();
  if (!named.some((each) => typeof each === 'string' && audience.includes(each)))
    throw new ParleyError('unauthorized', 'The token is for another audience');
}
