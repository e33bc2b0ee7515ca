import { SimpleFetcher } from 'aws-jwt-verify/https';
import { type JwksCache, SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { ParleyError } from '../domain/errors.ts';

/** The longest that one document may take. A fetch that fails is tried once more, so that both take 8 seconds at most. */
const FETCH_MS = 2_000;
const RETRY_AFTER_SECONDS = 5;

const https = new SimpleFetcher({ defaultRequestOptions: { timeout: FETCH_MS, responseTimeout: FETCH_MS } });

/**
 * Where an issuer's discovery document is (OpenID Connect Discovery 1.0, 4.1): a slash at the issuer's end is not doubled.
 */
export function discoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/u, '')}/.well-known/openid-configuration`;
}

/**
 * An issuer's keys, found by its discovery document and fetched when a token is verified. A token that names an unknown
 * key has them fetched once more, and then no other does so for ten seconds. They are kept until the cache is dropped.
 *
 * Its methods throw ParleyError unavailable when the keys cannot be fetched, or the document is not the issuer's.
 */
export function issuerKeys(issuer: string): JwksCache {
  return new SimpleJwksCache({
    fetcher: {
      fetch: async () => {
        const jwksUri = jwksUriIn(issuer, await fetched(discoveryUrl(issuer)));
        return fetched(jwksUri);
      },
    },
  });
}

/** The keys cannot be had at the moment. @param detail what only the log is told */
export function keysUnavailable(detail: string): ParleyError {
  return new ParleyError('unavailable', "The issuer's keys cannot be fetched", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    cause: new ParleyError('unavailable', detail),
  });
}

async function fetched(uri: string): Promise<ArrayBuffer> {
  try {
    return await https.fetch(uri);
  } catch (cause) {
    throw keysUnavailable(cause instanceof Error ? cause.message : String(cause));
  }
}

/** Its `issuer` must be the one that was asked, and `jwks_uri` an https URL (OpenID Connect Discovery 1.0, 3 and 4.3). */
function jwksUriIn(issuer: string, bytes: ArrayBuffer): string {
  const document = parsed(bytes);
  const { issuer: said, jwks_uri: jwksUri } = Object(document) as { issuer?: unknown; jwks_uri?: unknown };
  if (said !== issuer) throw keysUnavailable(`The discovery document of ${issuer} is another issuer's`);
  if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri) || new URL(jwksUri).protocol !== 'https:')
    throw keysUnavailable(`The discovery document of ${issuer} has no jwks_uri by https`);
  return jwksUri;
}

function parsed(bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return null; // no issuer's
  }
}
