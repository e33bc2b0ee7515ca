import type { Context as LambdaContext } from 'aws-lambda';
import { timeOf } from '../http/context.ts';
import { inTimeOf } from '../patience/request-time.ts';
import { readApiKey } from '../store/api-keys.ts';
import { idOf, matches } from './api-key.ts';

/** The part of an HTTP API authorizer event (payload format 2.0) that is looked at. */
interface AuthorizerEvent {
  readonly identitySource?: readonly (string | undefined)[] | null;
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A simple response; the context reaches the handler as strings, and the gateway caches it with the answer. */
interface AuthorizerResponse {
  readonly isAuthorized: boolean;
  readonly context?: Readonly<Record<string, string>>;
}

const REFUSED: AuthorizerResponse = { isAuthorized: false };

/**
 * The Lambda authorizer of the APIs that take an API key. A key that is malformed, unknown, wrong, expired or revoked
 * is refused: 403 by API Gateway, in its own words. (No key at all never gets here: 401.)
 *
 * @throws ParleyError unavailable when the database does not answer: API Gateway says 500 to that
 */
export async function authorizeApiKey(
  event: AuthorizerEvent,
  lambdaContext: Pick<LambdaContext, 'getRemainingTimeInMillis'>,
): Promise<AuthorizerResponse> {
  const key = event.identitySource?.[0] ?? event.headers?.['x-api-key'] ?? '';
  const id = idOf(key);
  const stored = id === null ? null : await inTimeOf(timeOf(lambdaContext), () => readApiKey(id));
  if (!stored || !matches(key, stored.digest) || stored.revoked) return REFUSED;
  if (stored.expiresAt !== null && stored.expiresAt * 1_000 <= Date.now()) return REFUSED;
  const { organizationId, userId, scopes } = stored;
  return {
    isAuthorized: true,
    context: { keyId: stored.id, organizationId, userId, scopes: scopes.join(' ') },
  };
}
