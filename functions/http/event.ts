import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Measures } from '../domain/context.ts';
import type { KeyHolder, User } from '../domain/principal.ts';

/** What the API key authorizer said; its context can hold strings only. */
export interface KeyHolderContext {
  readonly keyId: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly scopes: string;
}

/** An HTTP API event (payload format 2.0) and what the middleware has found out about it so far. */
export interface Incoming extends Omit<APIGatewayProxyEventV2, 'requestContext' | 'body' | 'headers'> {
  headers: Record<string, string | undefined>;
  body?: unknown;
  requestContext: APIGatewayProxyEventV2['requestContext'] & {
    authorizer?: {
      jwt?: { claims: Record<string, unknown> };
      lambda?: Partial<KeyHolderContext> | null;
    };
  };
  principal: User | KeyHolder | null;
  query: Record<string, unknown>;
  path: Record<string, string | number>;
  /** A path id that cannot exist, held back until who asks has been checked: under /v1 it is a 404, which comes last. */
  unknownPath?: Error;
  /** The query as it was sent, without what is empty. */
  sentQuery: Record<string, string>;
  /** The body as it was sent: every number exact, no default filled in. */
  sentBody: unknown;
  /** What the request has measured so far. */
  measures: Partial<Measures>;
}
