import type { APIGatewayProxyStructuredResultV2, Context as LambdaContext } from 'aws-lambda';
import { chainOf } from './chain.ts';
import type { AnyEndpoint } from './endpoint.ts';
import type { Incoming } from './event.ts';
import { json, text } from './respond.ts';
import { staticAnswer } from './static-answer.ts';
import type { Validators } from './validation.ts';

/** A Lambda handler of two parameters: nodejs24.x refuses one that declares three. */
export type LambdaHandler = (
  event: Incoming,
  context: LambdaContext,
) => Promise<APIGatewayProxyStructuredResultV2>;

/**
 * The Lambda handler of an operation, behind API Gateway.
 *
 * @param principalOf reads the credential that its API takes: what verifies the others is not in its bundle
 */
export function lambdaHandler(
  endpoint: AnyEndpoint,
  validators: Validators,
  principalOf: (event: Incoming) => Promise<Incoming['principal']>,
): LambdaHandler {
  return chainOf(endpoint, validators, {
    principalOf,
    handle: async (request): Promise<APIGatewayProxyStructuredResultV2> => {
      const reply = await endpoint.handle(request);
      const replayed = reply.replayed ? { 'idempotency-replayed': 'true' } : {};
      const status = Number(reply.status);
      const answer =
        endpoint.mediaType === undefined
          ? json(status, reply.body, { ...reply.headers, ...replayed })
          : text(status, String(reply.body), { ...reply.headers, 'content-type': endpoint.mediaType });
      return endpoint.isStatic ? staticAnswer(answer, request.headers as Incoming['headers']) : answer;
    },
  });
}
