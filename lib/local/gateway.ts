import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { ParleyError } from '../../functions/domain/errors.ts';
import { endpoints } from '../../functions/endpoints.ts';
import type { AnyEndpoint, AnyOperation } from '../../functions/http/endpoint.ts';
import { errorBody, STATUS } from '../../functions/http/error-bodies.ts';
import { json } from '../../functions/http/respond.ts';
import { router } from '../../functions/http/router.ts';
import type { AnyStreamEndpoint, StreamFunction } from '../../functions/http/stream-endpoint.ts';
import { streamEndpoints } from '../../functions/stream-endpoints.ts';
import { type Authorize, Refusal } from './authorizers.ts';
import { crossOrigin } from './cross-origin.ts';
import { NO_SPACE } from './free-space.ts';
import { streamInto } from './function-url.ts';
import { type HttpRequest, httpEvent, targetOf } from './http-event.ts';
import type { StreamSink } from './response-stream.ts';

/** Runs an operation's function with an event. */
export type Invoke = (endpoint: AnyEndpoint, event: unknown) => Promise<APIGatewayProxyStructuredResultV2>;

/** Runs a function that streams, and writes what it says. */
export type InvokeStream = (name: StreamFunction, event: unknown, sink: StreamSink) => Promise<void>;

/** HTTP API quota. */
const REQUEST_BYTES = 10 * 1024 * 1024;
/** Lambda's quota for a synchronous invocation, for the event and for the answer. */
const INVOCATION_BYTES = 6 * 1024 * 1024;

interface Gateway {
  readonly invoke: Invoke;
  readonly invokeStream: InvokeStream;
  readonly authorize: Authorize;
  /** Origins of web pages that may call. */
  readonly corsOrigins: readonly string[];
  /** Whether what is written can be kept. */
  readonly hasSpace: () => Promise<boolean>;
}

/**
 * API Gateway's HTTP API on this machine: routes, credentials, limits, and its own words for what never reaches a
 * function. It holds no rule of the product.
 */
export function createGateway({ invoke, invokeStream, authorize, corsOrigins, hasSpace }: Gateway): Server {
  const route = router<AnyEndpoint | AnyStreamEndpoint>([...endpoints, ...streamEndpoints]);
  const cors = crossOrigin(corsOrigins);
  return createServer((incoming, outgoing) => {
    const requestId = randomUUID();
    outgoing.setHeader('apigw-requestid', requestId);
    for (const [name, value] of Object.entries(cors.headers(incoming.headers.origin)))
      outgoing.setHeader(name, value);
    answer(incoming, outgoing)
      .catch((error: unknown) => (error instanceof Refusal ? error.answer : failed(error)))
      .then(
        (result) => send(outgoing, result),
        () => outgoing.destroy(),
      );
  });

  /** @returns null where the answer was streamed */
  async function answer(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): Promise<APIGatewayProxyStructuredResultV2 | null> {
    const request = await read(incoming);
    const preflight = cors.preflight(request);
    if (preflight) return preflight;
    const match = findRoute(request);
    const { operation } = match;
    if ('servedBy' in operation) {
      if (await cannotBeKept(operation)) return full(operation);
      const event = eventOf(request, match, null);
      return streamInto(outgoing, (sink) => invokeStream(operation.servedBy, event, sink));
    }
    const event = eventOf(request, match, await authorize(operation, request));
    if (await cannotBeKept(operation)) return full(operation);
    const result = await invoke(operation, event);
    if (Buffer.byteLength(JSON.stringify(result)) > INVOCATION_BYTES)
      throw new Error('The answer is over 6 MB');
    return result;
  }

  async function cannotBeKept({ method }: AnyOperation): Promise<boolean> {
    return method !== 'GET' && !(await hasSpace());
  }

  function eventOf(...parts: Parameters<typeof httpEvent>): ReturnType<typeof httpEvent> {
    const event = httpEvent(...parts);
    if (Buffer.byteLength(JSON.stringify(event)) > INVOCATION_BYTES)
      throw new Refusal(413, 'Request Entity Too Large');
    return event;
  }

  function findRoute(request: HttpRequest) {
    let match: ReturnType<typeof route>;
    try {
      match = route(request.method, targetOf(request).path);
    } catch {
      throw new Refusal(400, 'Bad Request');
    }
    if (!match) throw new Refusal(404, 'Not Found');
    return match;
  }
}

/** What an operation says in its API's own shape of a disk that is full; deployed there is none. */
function full({ api }: AnyOperation): APIGatewayProxyStructuredResultV2 {
  return json(STATUS.unavailable, errorBody(api.errors, new ParleyError('unavailable', NO_SPACE)));
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

function send(outgoing: ServerResponse, result: APIGatewayProxyStructuredResultV2 | null): void {
  if (!result) return;
  if (outgoing.headersSent) return void outgoing.destroy(); // it failed in the middle of a stream
  const { statusCode, headers, body, isBase64Encoded } = result;
  outgoing.writeHead(statusCode ?? 200, headers as Record<string, string>);
  outgoing.end(isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? ''));
}
