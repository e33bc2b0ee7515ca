import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ParleyError } from '../../functions/domain/errors.ts';
import { bearerToken, type Token } from '../../functions/http/bearer-token.ts';
import type { Claims } from '../../functions/http/claims.ts';
import type { AnyEndpoint } from '../../functions/http/endpoint.ts';
import type { AuthorizerContext, HttpRequest } from './http-event.ts';

/** An answer of the gateway's own, which no function sees: `{"message": "Unauthorized"}`. */
export class Refusal extends Error {
  readonly answer: APIGatewayProxyStructuredResultV2;

  constructor(statusCode: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.answer = {
      statusCode,
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ message }),
    };
  }
}

/** Decides about a request's credential. @throws Refusal 401 or 403, or 503 when the issuer's keys cannot be fetched */
export type Authorize = (endpoint: AnyEndpoint, request: HttpRequest) => Promise<AuthorizerContext>;

/** Runs the API key authorizer's function. */
type AuthorizeApiKey = (event: unknown) => Promise<{ isAuthorized: boolean; context?: unknown }>;

/** The gateway's authorizers: the JWT authorizer with the rules of functions/http, the Lambda authorizer by its bundle. */
export function authorizers({
  verifyJwt,
  authorizeApiKey,
}: {
  verifyJwt: (token: Token) => Promise<Claims>;
  authorizeApiKey: AuthorizeApiKey;
}): Authorize {
  return async ({ api }, { headers }) => {
    switch (api.auth) {
      case 'none':
        return null;
      case 'jwt':
        return { jwt: { claims: asStrings(await verified(headers.authorization, verifyJwt)), scopes: null } };
      case 'api-key': {
        const key = headers['x-api-key'];
        if (!key) throw new Refusal(401, 'Unauthorized');
        const { isAuthorized, context } = await authorizeApiKey({
          version: '2.0',
          identitySource: [key],
          headers,
        });
        if (!isAuthorized) throw new Refusal(403, 'Forbidden');
        return { lambda: context };
      }
    }
  };
}

async function verified(
  authorization: string | undefined,
  verify: (token: Token) => Promise<Claims>,
): Promise<Claims> {
  try {
    return await verify(bearerToken(authorization));
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    if (error.code === 'unavailable')
      throw new Refusal(503, 'Service Unavailable', { 'retry-after': String(error.retryAfterSeconds ?? 1) });
    const reason = authorization ? ` error="invalid_token" error_description="${error.message}"` : '';
    throw new Refusal(401, 'Unauthorized', { 'www-authenticate': `Bearer${reason}` });
  }
}

/** API Gateway hands every claim on as a string, an array as `[a b]`. */
function asStrings(claims: Claims): Record<string, string> {
  const entries = Object.entries(claims).map(([name, value]) => [
    name,
    Array.isArray(value) ? `[${value.join(' ')}]` : String(value),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
