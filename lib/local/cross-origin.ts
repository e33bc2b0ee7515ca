import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { CORS } from '../cors.ts';
import type { HttpRequest } from './http-event.ts';

/** What the gateway says to web pages of other origins. */
export interface CrossOrigin {
  /** The answer to a browser's question whether it may send a request; null for any other request. */
  preflight(request: HttpRequest): APIGatewayProxyStructuredResultV2 | null;
  /** The headers that let a page read an answer: on every answer, the gateway's own refusals too. */
  headers(origin: string | undefined): Record<string, string>;
}

/**
 * CORS as an HTTP API does it once it is configured: it answers OPTIONS itself, on every path and without credential,
 * and an origin that is not allowed gets the same answer without the headers.
 *
 * @param origins which may call; `*` is any, and none at all leaves OPTIONS a path that is not there
 */
export function crossOrigin(origins: readonly string[]): CrossOrigin {
  const allowed = (origin: string | undefined) => {
    if (origin === undefined) return null;
    return origins.includes('*') ? '*' : (origins.find((each) => each === origin) ?? null);
  };
  return {
    preflight: ({ method, headers }) => {
      const isAsked = method === 'OPTIONS' && 'access-control-request-method' in headers;
      if (!isAsked || origins.length === 0) return null;
      return { statusCode: 204, headers: allowed(headers.origin) === null ? {} : PREFLIGHT };
    },
    headers: (origin) => {
      const allow = allowed(origin);
      if (allow === null) return {};
      return {
        'access-control-allow-origin': allow,
        'access-control-expose-headers': CORS.exposedHeaders.join(','),
        ...(allow !== '*' && { vary: 'origin' }),
      };
    },
  };
}

const PREFLIGHT = {
  'access-control-allow-methods': CORS.methods.join(','),
  'access-control-allow-headers': CORS.requestHeaders.join(','),
  'access-control-max-age': String(CORS.maxAgeSeconds),
};
