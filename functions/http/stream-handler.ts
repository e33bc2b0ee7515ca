import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { APIGatewayProxyStructuredResultV2, Context as LambdaContext } from 'aws-lambda';
import { ParleyError, toParleyError } from '../domain/errors.ts';
import { inTimeOfEach } from '../patience/request-time.ts';
import { chainOf } from './chain.ts';
import { timeOf } from './context.ts';
import { STATUS } from './error-bodies.ts';
import type { Incoming } from './event.ts';
import { logRequest } from './log.ts';
import { whileAllowed } from './recheck.ts';
import { UNKEPT } from './respond.ts';
import { router } from './router.ts';
import { serverSentEvents } from './server-sent-events.ts';
import { type AuthorizeApiKey, gatewayRefusal, streamPrincipalOf } from './stream-credentials.ts';
import type { AnyStreamEndpoint, StreamEvent, StreamReply } from './stream-endpoint.ts';
import { isUiMessageStream, UI_MESSAGE_STREAM, uiMessageFrames } from './ui-message-stream.ts';
import type { Validators } from './validation.ts';

/** An operation with its compiled schemas. */
export interface StreamRoute {
  readonly endpoint: AnyStreamEndpoint;
  readonly validators: Validators;
}

/** A streaming handler of Lambda's; `awslambda.streamifyResponse` makes it one. */
export type StreamingHandler = (event: Incoming, out: Writable, context: LambdaContext) => Promise<void>;

/** An API key may have been revoked meanwhile, and a token expired. What is being made goes on. */
const LOOK_EVERY_MS = 60_000;

const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  ...UNKEPT,
  'x-accel-buffering': 'no', // reverse proxies would collect events
};

/**
 * The handler of a function URL: it does what API Gateway does for other functions (routes, credentials and their
 * refusals), then what every operation does, and at last it streams. A path that is not there is refused before anything
 * else, a credential before the body is parsed.
 *
 * @param lookEveryMs how often the credential of an open stream is looked at again
 */
export function streamHandler(
  routes: readonly StreamRoute[],
  authorizeApiKey: (
    event: Parameters<AuthorizeApiKey>[0],
    lambdaContext: LambdaContext,
  ) => ReturnType<AuthorizeApiKey>,
  lookEveryMs = LOOK_EVERY_MS,
): StreamingHandler {
  const find = router(
    routes.map(({ endpoint, validators }) => ({
      ...endpoint,
      endpoint,
      chain: (principal: Incoming['principal']) =>
        chainOf(endpoint, validators, { principalOf: async () => principal, handle: endpoint.handle }),
    })),
  );

  return async (event, out, lambdaContext) => {
    const startedAtMs = Date.now();
    const requestId = lambdaContext.awsRequestId;
    const match = matchOf(event);
    const principalFor = ({ api }: AnyStreamEndpoint) =>
      streamPrincipalOf(event, api.auth, (asked) => authorizeApiKey(asked, lambdaContext));
    let principal: Incoming['principal'];
    try {
      if (!match) throw new ParleyError('not_found', 'Not Found');
      principal = await principalFor(match.operation.endpoint);
    } catch (error) {
      const { statusCode, headers, body } = gatewayRefusal(error);
      const operation = match?.operation.operation ?? 'unknown';
      const log = { operation, requestId, startedAtMs, measures: {}, principal: null };
      logRequest({ ...log, status: statusCode, error: toParleyError(error) });
      return end(out, { statusCode, headers: { ...headers, 'x-request-id': requestId }, body });
    }
    const { operation, pathParameters } = match;
    const request = { ...event, pathParameters };
    const reply = (await operation.chain(principal)(request, lambdaContext)) as
      | StreamReply
      | APIGatewayProxyStructuredResultV2;
    if (!('events' in reply)) return end(out, reply);
    let failure: ParleyError | undefined;
    const note = (cause: unknown) => {
      failure ??= toParleyError(cause);
      return failure;
    };
    const check = () => principalFor(operation.endpoint);
    const events = withErrors(whileAllowed(reply.events, { everyMs: lookEveryMs, check }), note);
    const isUi = isUiMessageStream(request.headers);
    await inTimeOfEach(timeOf(lambdaContext), () => send({ ...reply, events }, { out, requestId, isUi }));
    await reply.done?.catch(note);
    const log = { operation: operation.operation, requestId, startedAtMs, principal };
    // What fails in the middle counts like what fails before, though its status was sent.
    const status = failure ? STATUS[failure.code] : 200;
    logRequest({ ...log, measures: request.measures, status, error: failure });
  };

  function matchOf({ requestContext, rawPath }: Incoming) {
    try {
      return find(requestContext.http.method, rawPath);
    } catch {
      return null; // not even well encoded
    }
  }
}

/**
 * Sends a whole answer. Lambda's runtime sends status and headers with the first `write`, an empty one too, and not with
 * what `end` is given: the client would see a 502 (aws/aws-lambda-nodejs-runtime-interface-client, issue 97).
 */
async function end(
  out: Writable,
  { statusCode, headers, body }: APIGatewayProxyStructuredResultV2,
): Promise<void> {
  const http = awslambda.HttpResponseStream.from(out, { statusCode, headers });
  http.write(body ?? '');
  http.end();
}

/** Sends events, no faster than they are taken. */
async function send(
  { events, replayed }: StreamReply,
  { out, requestId, isUi }: { out: Writable; requestId: string; isUi: boolean },
): Promise<void> {
  const headers = {
    ...STREAM_HEADERS,
    'x-request-id': requestId,
    ...(isUi && UI_MESSAGE_STREAM),
    ...(replayed && { 'idempotency-replayed': 'true' }),
  };
  const http = awslambda.HttpResponseStream.from(out, { statusCode: 200, headers });
  const frames = serverSentEvents(isUi ? uiMessageFrames(events) : events);
  try {
    await pipeline(Readable.from(frames), http);
  } catch {
    // The client has left. What it has asked for goes on.
  }
}

/** A failure in the middle is an event, too: the answer's status is long sent. */
async function* withErrors(
  events: AsyncIterable<StreamEvent>,
  note: (cause: unknown) => ParleyError,
): AsyncGenerator<StreamEvent> {
  let id = '';
  try {
    for await (const event of events) {
      ({ id } = event);
      yield event;
    }
  } catch (cause) {
    const { code, message } = note(cause);
    yield { event: 'error', id, data: { code, message } };
  }
}
