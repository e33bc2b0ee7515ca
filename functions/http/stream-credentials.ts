import { ParleyError } from '../domain/errors.ts';
import type { KeyHolder, User } from '../domain/principal.ts';
import { principalOf as keyHolderIn } from './api-key-credentials.ts';
import type { Auth } from './endpoint.ts';
import type { Incoming, KeyHolderContext } from './event.ts';
import { principalOf as userIn } from './jwt-credentials.ts';
import { RETRY_AFTER_SECONDS } from './respond.ts';

/** What the Lambda authorizer of API keys does. */
export type AuthorizeApiKey = (event: {
  readonly identitySource: readonly string[];
}) => Promise<{ readonly isAuthorized: boolean; readonly context?: Partial<KeyHolderContext> }>;

/**
 * The principal of a request that no gateway has looked at. Whatever an event says of an authorizer is not believed.
 *
 * @throws ParleyError unauthorized or forbidden, where API Gateway would refuse the request
 * @throws ParleyError unavailable when the issuer's keys cannot be fetched
 */
export async function streamPrincipalOf(
  event: Incoming,
  auth: Auth,
  authorizeApiKey: AuthorizeApiKey,
): Promise<User | KeyHolder | null> {
  const { authorizer: _authorizer, ...requestContext } = event.requestContext;
  const headers = Object.fromEntries(
    Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (auth === 'none') return null;
  if (auth === 'jwt') return userIn({ ...event, headers, requestContext });
  const key = headers['x-api-key'];
  if (!key) throw new ParleyError('unauthorized', 'An API key is required');
  const { isAuthorized, context } = await authorizeApiKey({ identitySource: [key] });
  if (!isAuthorized) throw new ParleyError('forbidden', 'The API key is refused');
  const lambda = context ?? {};
  return keyHolderIn({ ...event, headers, requestContext: { ...requestContext, authorizer: { lambda } } });
}

const REFUSALS: Readonly<Record<string, { statusCode: number; message: string }>> = {
  unauthorized: { statusCode: 401, message: 'Unauthorized' },
  forbidden: { statusCode: 403, message: 'Forbidden' },
  not_found: { statusCode: 404, message: 'Not Found' },
  unavailable: { statusCode: 503, message: 'Service Unavailable' },
};
const FAILED = { statusCode: 500, message: 'Internal Server Error' };

/** A refusal in API Gateway's own words, which clients of the other operations see. */
export function gatewayRefusal(error: unknown): {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
} {
  const known = error instanceof ParleyError ? REFUSALS[error.code] : undefined;
  const { statusCode, message } = known ?? FAILED;
  const retryAfter = statusCode === 503 && ((error as ParleyError).retryAfterSeconds ?? RETRY_AFTER_SECONDS);
  const headers = {
    'content-type': 'application/json',
    ...(statusCode === 401 && { 'www-authenticate': 'Bearer' }),
    ...(retryAfter && { 'retry-after': String(retryAfter) }),
  };
  return { statusCode, headers, body: JSON.stringify({ message }) };
}
