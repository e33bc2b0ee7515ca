import type { Context } from '../domain/context.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import type { KeyHolder, Tenancy, User } from '../domain/principal.ts';
import type { ErrorStyle } from './error-bodies.ts';
import type { Of, Schema } from './schema.ts';

/** Which credential an API takes, and so who its handlers meet. */
interface Principals {
  jwt: User;
  'api-key': KeyHolder;
  none: null;
}
export type Auth = keyof Principals;

/** One public API: what its operations have in common. */
export interface Api<A extends Auth = Auth> {
  /** Also the name of its log group and its tag in the OpenAPI document. */
  readonly name: string;
  readonly auth: A;
  readonly errors: ErrorStyle;
}

/** IAM actions on the table. TransactWriteItems is allowed as the actions of its items, queries of an index by its ARN. */
type TableAction =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'ConditionCheckItem';
/** What a function may do with the table; the stack grants exactly this. */
export interface TableAccess {
  readonly table: readonly TableAction[];
  readonly indexes: readonly string[];
}

/** A credential's view of an operation: decides who may, and what it works on. `null` where nobody owns anything. */
export type Authorized = Tenancy | null;
type Responses = Readonly<Record<number, Schema<unknown>>>;

/** What a handler is given: all of it verified and validated. */
export interface Request<B, Q, P, H, S> {
  readonly body: B;
  readonly query: Q;
  readonly path: P;
  readonly headers: H;
  /** What `authorize` answered. */
  readonly scope: S;
  /** What makes a repeated request the same one, for writes. */
  readonly idempotency: IdempotentRequest<S>;
  readonly context: Context;
}

/** What a handler answers: one of the declared statuses with the body of its schema. */
type Reply<R extends Responses> = {
  [Status in keyof R]: AnyReply & { readonly status: Status; readonly body: Of<R[Status]> };
}[keyof R];

interface AnyReply {
  readonly status: PropertyKey;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The first answer to the same Idempotency-Key, once more. */
  readonly replayed?: boolean;
}

/** What `check`, `costlyCheck` and `authorize` decide upon. */
interface Input<Q, P, B> {
  readonly query: Q;
  readonly path: P;
  readonly body: B;
}

/**
 * One operation, as far as its input goes: the route, the validators and the OpenAPI document are made from it.
 * `authorize` is a pure rule that throws a 403; it runs after validation, and before anything is read or takes long.
 */
export interface Operation<B, Q, P, H, A extends Auth, S extends Authorized> {
  /** `<folder>/<file>`; the file exports the operation under the file's name in camel case. */
  readonly operation: string;
  readonly summary: string;
  readonly api: Api<A>;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: `/${string}`;
  readonly body?: Schema<B>;
  readonly query?: Schema<Q>;
  readonly pathParameters?: Schema<P>;
  readonly headers?: Schema<H>;
  /** The member of the body that is a message's text: above its limit it is 413, before any other check. */
  readonly messageText?: string;
  /** Rules of the input that no schema can say; throws a 422. */
  readonly check?: (input: NoInfer<Input<Q, P, B>>) => void;
  /** The same for what takes long to find out: it runs once the caller may. */
  readonly costlyCheck?: (input: NoInfer<Input<Q, P, B>>) => void;
  readonly authorize: (principal: Principals[A], input: NoInfer<Input<Q, P, B>>) => S;
}

/** An operation that answers in JSON, behind API Gateway, with a function of its own. */
export interface Endpoint<B, Q, P, H, A extends Auth, S extends Authorized, R extends Responses>
  extends Operation<B, Q, P, H, A, S> {
  readonly responses: R;
  /** The media type of a success that is not JSON: its body is that text then. */
  readonly mediaType?: string;
  /** Its answer is the same for everybody until the next deployment. */
  readonly isStatic?: true;
  readonly access: TableAccess;
  /** It may take as long as API Gateway allows, because it waits for a turn. */
  readonly waits?: true;
  /** It starts turns: it may invoke the function that makes answers. */
  readonly startsTurns?: true;
  /** It reads threads: where it finds a dead turn it has that function settle it. */
  readonly settlesTurns?: true;
  readonly handle: (request: NoInfer<Request<B, Q, P, H, S>>) => Promise<Reply<R>>;
}

// The parameters of authorize and handle make operations of different inputs unrelated types; who builds from the lists
// only reads them.
/* oxlint-disable typescript/no-explicit-any */
type LooseOperation = Operation<any, any, any, any, any, any>;
type Loose = Endpoint<any, any, any, any, any, any, any>;
/* oxlint-enable typescript/no-explicit-any */

/** Any operation, for those who build from the lists. */
export type AnyOperation = Omit<LooseOperation, 'api'> & { readonly api: Api };
export type AnyEndpoint = Omit<Loose, 'api' | 'responses' | 'handle'> & {
  readonly api: Api;
  readonly responses: Responses;
  readonly handle: (...request: Parameters<Loose['handle']>) => Promise<AnyReply>;
};

/** Whether an operation's function may invoke the one that makes answers. */
export function invokesWorker({
  startsTurns,
  settlesTurns,
}: Pick<AnyEndpoint, 'startsTurns' | 'settlesTurns'>): boolean {
  return Boolean(startsTurns ?? settlesTurns);
}

/** Declares an operation. It only returns its argument: importing an endpoint has no effect. */
export function endpoint<B, Q, P, H, A extends Auth, S extends Authorized, const R extends Responses>(
  declared: Endpoint<B, Q, P, H, A, S, R>,
): Endpoint<B, Q, P, H, A, S, R> {
  return declared;
}
