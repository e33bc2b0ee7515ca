import middy from '@middy/core';
import type { Context as LambdaContext } from 'aws-lambda';
import { inTimeOf } from '../patience/request-time.ts';
import { jsonBody } from './body.ts';
import { contextOf } from './context.ts';
import type { AnyOperation, Request } from './endpoint.ts';
import type { Incoming } from './event.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { respond } from './respond.ts';
import { type Validators, validation } from './validation.ts';

/** A request that has passed every check. */
// What the parts are is the operation's; its schemas have checked them.
// oxlint-disable-next-line typescript/no-explicit-any
type Checked = Request<any, any, any, any, any>;

interface Handling<Answer> {
  readonly principalOf: (event: Incoming) => Promise<Incoming['principal']>;
  readonly handle: (request: Checked) => Promise<Answer>;
}

/**
 * A request's way through an operation. The order of refusals is the order of this chain: 401 credential, 413 and 415
 * and malformed JSON by the body, 422 by the schemas and `check`, 403 by `authorize`, 422 by `costlyCheck`, 404 and 409 by
 * what is stored.
 */
export function chainOf<Answer extends object>(
  operation: AnyOperation,
  validators: Validators,
  { principalOf, handle }: Handling<Answer>,
) {
  const chain = middy<Incoming, Answer>(async (event: Incoming, lambdaContext: LambdaContext) => {
    const input = { body: event.body, query: event.query, path: event.path };
    operation.check?.(input);
    const scope = operation.authorize(event.principal, input);
    if (event.unknownPath) throw event.unknownPath;
    operation.costlyCheck?.(input);
    const context = contextOf(lambdaContext, event.measures);
    const idempotency = { scope, key: keyOf(event) };
    const request = { ...input, headers: event.headers, scope, idempotency, context };
    return inTimeOf(context, () => handle(request));
  });
  /** Made last of all that no database is asked for: it reads the whole body. */
  const keyOf = ({ headers, rawPath, sentQuery, sentBody }: Incoming) =>
    idempotencyKeyOf(headers['idempotency-key'], {
      method: operation.method,
      path: rawPath,
      query: sentQuery,
      body: operation.body ? sentBody : null,
    });
  chain.use(respond(operation));
  chain.before(async ({ event }) => {
    event.principal = await principalOf(event);
  });
  if (operation.body) chain.use(jsonBody(operation));
  chain.use(validation(operation, validators));
  return chain;
}
