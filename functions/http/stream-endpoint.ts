import type { Api, Auth, Authorized, Operation, Request } from './endpoint.ts';

/**
 * An event of a stream (WHATWG HTML, "Server-sent events"); `data` is sent as JSON. An id alone is no event: a client only
 * remembers it.
 */
export interface StreamEvent {
  readonly event?: string;
  /** Where a client that comes back goes on, as `Last-Event-ID`. */
  readonly id: string;
  readonly data?: unknown;
}

/** The answer of an operation that streams. What it refuses it throws, before there is any: that is plain JSON. */
export interface StreamReply {
  readonly events: AsyncIterable<StreamEvent>;
  /** What goes on also when the client leaves; the function ends after it. */
  readonly done?: Promise<unknown>;
  readonly replayed?: boolean;
}

/** The functions that stream: one makes answers, the other follows what is made elsewhere. */
export type StreamFunction = 'turn-stream' | 'follow';

/** An operation that answers with a stream of events, behind a function URL: API Gateway cannot stream. */
export interface StreamEndpoint<B, Q, P, H, A extends Auth, S extends Authorized>
  extends Operation<B, Q, P, H, A, S> {
  readonly servedBy: StreamFunction;
  readonly handle: (request: NoInfer<Request<B, Q, P, H, S>>) => Promise<StreamReply>;
}

// As in endpoint.ts: operations of different inputs are unrelated types, and who builds from the list only reads them.
// oxlint-disable-next-line typescript/no-explicit-any
type Loose = StreamEndpoint<any, any, any, any, any, any>;
export type AnyStreamEndpoint = Omit<Loose, 'api'> & { readonly api: Api };

/** Declares an operation that streams. */
export function streamEndpoint<B, Q, P, H, A extends Auth, S extends Authorized>(
  declared: StreamEndpoint<B, Q, P, H, A, S>,
): StreamEndpoint<B, Q, P, H, A, S> {
  return declared;
}
