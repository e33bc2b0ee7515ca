import type { APIGatewayProxyStructuredResultV2, Context as LambdaContext } from 'aws-lambda';
import { type ErrorCode, type ParleyError, toParleyError } from '../domain/errors.ts';
import type { AnyOperation } from './endpoint.ts';
import { errorBody, STATUS } from './error-bodies.ts';
import type { Incoming } from './event.ts';
import { logRequest } from './log.ts';
import type { StreamReply } from './stream-endpoint.ts';

interface MiddyRequest {
  readonly event: Incoming;
  readonly context: LambdaContext;
  readonly internal: Record<string, unknown>;
  response?: unknown;
  readonly error?: unknown;
}

/** How long it takes until what is too busy now mostly is not any more. */
export const RETRY_AFTER_SECONDS = 5;
const PASSING: readonly ErrorCode[] = ['rate_limited', 'unavailable'];

/** What people's data are answered with: nobody on the way keeps them, and nothing is taken for something else. */
export const UNKEPT = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' } as const;

/** The outermost middleware: every request is answered in its API's shape, under its id, and logged in one line. */
export function respond(operation: AnyOperation) {
  return {
    before({ internal, event }: MiddyRequest): void {
      internal.startedAtMs = Date.now();
      event.measures = {};
      // API Gateway sends lower-case names; `sam local` hands them on as the client wrote them.
      event.headers = Object.fromEntries(
        Object.entries(event.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      );
    },
    after(request: MiddyRequest): void {
      const response = request.response as APIGatewayProxyStructuredResultV2 | StreamReply;
      if ('events' in response) return; // the stream's handler logs it, at its end
      finish(request, response, undefined);
    },
    onError(request: MiddyRequest): void {
      const error = toParleyError(request.error);
      const retryAfter = error.retryAfterSeconds ?? RETRY_AFTER_SECONDS;
      const headers = PASSING.includes(error.code) ? { 'retry-after': String(retryAfter) } : {};
      finish(request, json(STATUS[error.code], errorBody(operation.api.errors, error), headers), error);
    },
  };

  function finish(
    request: MiddyRequest,
    response: APIGatewayProxyStructuredResultV2,
    error?: ParleyError,
  ): void {
    const requestId = request.context.awsRequestId;
    request.response = {
      ...response,
      headers: { ...UNKEPT, ...response.headers, 'x-request-id': requestId },
    };
    logRequest({
      operation: operation.operation,
      requestId,
      status: response.statusCode ?? 0,
      startedAtMs: Number(request.internal.startedAtMs),
      measures: request.event.measures,
      principal: request.event.principal ?? null,
      error,
    });
  }
}

/** A JSON answer. */
export function json(
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  return text(statusCode, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

/** An answer as it is written; the headers say what it is. */
export function text(
  statusCode: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { ...headers }, body };
}
