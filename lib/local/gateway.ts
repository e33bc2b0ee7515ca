import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { endpoints } from '../../functions/endpoints.ts';
import { type Authorize, Refusal } from './authorizers.ts';
import { crossOrigin } from './cross-origin.ts';
import { type HttpRequest, httpEvent, type Match, router, targetOf } from './http-event.ts';

/** Runs an operation's function with an event. */
export type Invoke = (
  endpoint: Match['endpoint'],
  event: unknown,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** HTTP API quota. */
const REQUEST_BYTES = 10 * 1024 * 1024;
/** Lambda's quota for a synchronous invocation, for the event and for the answer. */
const INVOCATION_BYTES = 6 * 1024 * 1024;

interface Gateway {
  readonly invoke: Invoke;
  readonly authorize: Authorize;
  /** Origins of web pages that may call. */
  readonly corsOrigins: readonly string[];
}

/**
 * API Gateway's HTTP API on this machine: routes, credentials, limits, and its own words for what never reaches a
 * function. It holds no rule of the product.
 */
export function createGateway({ invoke, authorize, corsOrigins }: Gateway): Server {
  const route = router(endpoints);
  const cors = crossOrigin(corsOrigins);
  return createServer((incoming, outgoing) => {
    const requestId = randomUUID();
    outgoing.setHeader('apigw-requestid', requestId);
    for (const [name, value] of Object.entries(cors.headers(incoming.headers.origin)))
      outgoing.setHeader(name, value);
    answer(incoming)
      .catch((error: unknown) => (error instanceof Refusal ? error.answer : failed(error)))
      .then(
        (result) => send(outgoing, result),
        () => outgoing.destroy(),
      );
  });

  async function answer(incoming: IncomingMessage): Promise<APIGatewayProxyStructuredResultV2> {
    const request = await read(incoming);
    const preflight = cors.preflight(request);
    if (preflight) return preflight;
    const match = findRoute(request);
    const event = httpEvent(request, match, await authorize(match.endpoint, request));
    if (Buffer.byteLength(JSON.stringify(event)) > INVOCATION_BYTES)
      throw new Refusal(413, 'Request Entity Too Large');
    const result = await invoke(match.endpoint, event);
    if (Buffer.byteLength(JSON.stringify(result)) > INVOCATION_BYTES)
      throw new Error('The answer is over 6 MB');
    return result;
  }

  function findRoute(request: HttpRequest): Match {
    let match: Match | null;
    try {
      match = route(request.method, targetOf(request).path);
    } catch {
      throw new Refusal(400, 'Bad Request');
    }
    if (!match) throw new Refusal(404, 'Not Found');
    return match;
  }
}

function failed(error: unknown): APIGatewayProxyStructuredResultV2 {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return new Refusal(500, 'Internal Server Error').answer;
}

async function read(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // What is over the limit is read to its end and dropped: a client that is still sending would not see the answer.
    if (bytes <= REQUEST_BYTES) chunks.push(chunk);
  }
  if (bytes > REQUEST_BYTES) throw new Refusal(413, 'Request Entity Too Large');
  const headers = Object.entries(incoming.headersDistinct).map(([name, values]) => [
    name,
    (values ?? []).join(','),
  ]);
  return {
    method: incoming.method ?? '',
    url: incoming.url ?? '/',
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
  };
}

function send(
  outgoing: ServerResponse,
  { statusCode, headers, body, isBase64Encoded }: APIGatewayProxyStructuredResultV2,
) {
  outgoing.writeHead(statusCode ?? 200, headers as Record<string, string>);
  outgoing.end(isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? ''));
}
