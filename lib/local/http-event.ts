import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { AnyOperation } from '../../functions/http/endpoint.ts';
import type { Match } from '../../functions/http/router.ts';

/** An HTTP request as a server has read it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  /** Lower-case names; several values joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What the gateway's authorizers add to an event: the claims of a verified token, or an API key's context. */
export type AuthorizerContext =
  | { jwt: { claims: Record<string, string>; scopes: null } }
  | { lambda: unknown }
  | null;

/** The path and the query of a request target, as they were sent: nothing is normalized. */
export function targetOf({ url }: Pick<HttpRequest, 'url'>): { path: string; search: string } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, search: '' } : { path: url.slice(0, at), search: url.slice(at + 1) };
}

/** The event of an HTTP API, payload format 2.0, as API Gateway makes it from a request. */
export function httpEvent(
  request: HttpRequest,
  { operation, pathParameters }: Match<AnyOperation>,
  authorizer: AuthorizerContext,
): APIGatewayProxyEventV2 {
  const { path, search } = targetOf(request);
  const parameters = new URLSearchParams(search);
  const query = [...new Set(parameters.keys())].map((name) => [name, parameters.getAll(name).join(',')]);
  const routeKey = `${operation.method} ${operation.path}`;
  const isText = /^(?:text\/|application\/(?:.+\+)?json|application\/javascript|application\/xml)/u;
  const isSaidToBeText = isText.test(request.headers['content-type'] ?? '') && isUtf8(request.body);
  const isBase64Encoded = request.body.length > 0 && !isSaidToBeText;
  const now = new Date();
  return {
    version: '2.0',
    routeKey,
    rawPath: decodeURIComponent(path),
    rawQueryString: search,
    headers: { ...request.headers },
    ...(query.length > 0 && { queryStringParameters: Object.fromEntries(query) as Record<string, string> }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: request.headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
      ...(authorizer && { authorizer }),
    },
    ...(request.body.length > 0 && { body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}
