import { randomUUID } from 'node:crypto';

interface SamRequest {
  readonly method: string;
  readonly path: string;
  readonly search?: string;
  /** As the client wrote them; SAM hands them on with capitals. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly routeKey: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  /** What the Lambda authorizer said; JWT authorizers are not run. */
  readonly authorizer?: unknown;
}

/**
 * An event as `sam local start-api` makes it for an HTTP API (SAM CLI 1.170.0, samcli/local/apigw/event_constructor.py
 * and local_apigw_service.py): headers with capitals, an empty body as `""`, null where there are no path parameters,
 * and no authorizer where the route has a JWT authorizer.
 */
export function samEvent(request: SamRequest) {
  const { method, path, search = '', headers, body = '', routeKey, pathParameters, authorizer } = request;
  const query = new URLSearchParams(search);
  const queryStringParameters = Object.fromEntries(
    [...new Set(query.keys())].map((name) => [name, query.getAll(name).join(',')]),
  );
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: search,
    cookies: [],
    headers: {
      ...Object.fromEntries(Object.entries(headers).map(([name, value]) => [capitals(name), value])),
      'X-Forwarded-Proto': 'http',
      'X-Forwarded-Port': '8000',
    },
    queryStringParameters,
    requestContext: {
      accountId: '123456789012',
      apiId: '1234567890',
      http: {
        method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'Custom User Agent String',
      },
      requestId: randomUUID(),
      routeKey,
      stage: '$default',
      time: '22/Nov/2026:01:32:46 +0000',
      timeEpoch: 1_795_311_166,
      domainName: 'localhost',
      domainPrefix: 'localhost',
      ...(authorizer !== undefined && { authorizer: { lambda: authorizer } }),
    },
    body,
    pathParameters: pathParameters ?? null,
    stageVariables: null,
    isBase64Encoded: false,
  };
}

/** `content-type` as `Content-Type`. */
function capitals(name: string): string {
  return name.replaceAll(/(?:^|-)[a-z]/gu, (letter) => letter.toUpperCase());
}
