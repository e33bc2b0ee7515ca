import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2, Context as LambdaContext } from 'aws-lambda';
import { answer, json, text } from './answer.ts';
import { jsonBody } from './body.ts';
import { contextOf } from './context.ts';
import { principalOf } from './credentials.ts';
import type { AnyEndpoint } from './endpoint.ts';
import type { Incoming } from './event.ts';
import { type Validators, validation } from './validation.ts';

/** A Lambda handler of two parameters: nodejs24.x refuses one that declares three. */
export type LambdaHandler = (
  event: Incoming,
  context: LambdaContext,
) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * The Lambda handler of an operation. The order of refusals is the order of this chain: 401 credential, 413 and 415
 * and malformed JSON by the body, 422 by the schemas and `check`, 403 by `authorize`, 404 and 409 by what is stored.
 */
export function lambdaHandler(endpoint: AnyEndpoint, validators: Validators): LambdaHandler {
  const chain = middy<Incoming, APIGatewayProxyStructuredResultV2>(
    async (event: Incoming, lambdaContext: LambdaContext) => {
      const input = { body: event.body, query: event.query, path: event.path };
      endpoint.check?.(input);
      const scope = endpoint.authorize(event.principal, input);
      if (event.unknownPath) throw event.unknownPath;
      const context = contextOf(lambdaContext, event.measures);
      const { headers, idempotencyKey } = event;
      const reply = await endpoint.handle({ ...input, headers, scope, idempotencyKey, context });
      const replayed = reply.replayed ? { 'idempotency-replayed': 'true' } : {};
      const status = Number(reply.status);
      if (endpoint.mediaType !== undefined)
        return text(status, String(reply.body), { ...reply.headers, 'content-type': endpoint.mediaType });
      return json(status, reply.body, { ...reply.headers, ...replayed });
    },
  );
  chain.use(answer(endpoint));
  chain.before(async ({ event }) => {
    event.principal = await principalOf(event, endpoint.api.auth);
  });
  if (endpoint.body) chain.use(jsonBody(endpoint));
  chain.use(validation(endpoint, validators));
  return chain;
}
