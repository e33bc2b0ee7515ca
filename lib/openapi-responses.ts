import { endpoints } from '../functions/endpoints.ts';
import type { AnyEndpoint, AnyOperation } from '../functions/http/endpoint.ts';
import { STATUS } from '../functions/http/error-bodies.ts';
import type { JsonSchema } from '../functions/http/schema.ts';
import type { AnyStreamEndpoint } from '../functions/http/stream-endpoint.ts';

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  401: 'No credential, or one that is not accepted; the body is API Gateway’s own',
  403: 'The credential does not allow it',
  404: 'There is no such thing, or it is somebody else’s',
  409: 'The Idempotency-Key was used for another request',
  412: 'If-Match names another version than the present one',
  413: 'The message text is over 256 KiB, or the body is larger than any that could be accepted',
  415: 'The content type is not JSON',
  422: 'The request is not valid',
  429: 'More requests than the deployment takes, or more answers than it can make at a time',
  500: 'Something went wrong on our side',
  503: 'The database or the model is busy or out of reach: try again after `retry-after` seconds',
};

/** An operation with what its successes look like. */
export type Described = AnyOperation &
  Pick<AnyEndpoint, 'startsTurns'> & {
    readonly successes: Readonly<Record<string, { readonly mediaType: string; readonly schema: JsonSchema }>>;
  };

/** An operation that answers once. */
export function described(endpoint: AnyEndpoint): Described {
  const { responses, mediaType = 'application/json' } = endpoint;
  const successes = Object.entries(responses).map(([status, { json: schema }]) => [
    status,
    { mediaType, schema },
  ]);
  return { ...endpoint, successes: Object.fromEntries(successes) as Described['successes'] };
}

/** An operation that answers with a stream. */
export function describedStream(endpoint: AnyStreamEndpoint): Described {
  const startsTurns = endpoint.servedBy === 'turn-stream' && { startsTurns: true as const };
  return {
    ...endpoint,
    ...startsTurns,
    successes: { 200: { mediaType: 'text/event-stream', schema: { type: 'string' } } },
  };
}

/** What an operation can answer, by status, as the OpenAPI document says it. */
export function responsesOf(endpoint: Described): object {
  const headers = responseHeaders(endpoint);
  const successes = Object.entries(endpoint.successes).map(([status, { mediaType, schema }]) => [
    status,
    { description: 'Success', headers, content: { [mediaType]: { schema } } },
  ]);
  const errors = errorStatuses(endpoint).map((status) => [String(status), errorResponse(endpoint, status)]);
  return Object.fromEntries([...successes, ...errors]) as object;
}

const HEADERS = {
  'x-request-id': 'The id under which the request is logged',
  etag: 'The version of what can be edited',
  'x-next-cursor': 'Leads to the next page; the last page has none',
  'idempotency-replayed': '`true` where this is the first answer to the same Idempotency-Key once more',
};

/** Which headers the success of an operation has follows from what it takes and answers. */
function responseHeaders({ method, path, query, successes }: Described): object {
  const isArray = Object.values(successes).some(({ schema }) => schema.type === 'array');
  const isEdited = endpoints.some((each) => each.path === path && takesIfMatch(each));
  const possible: [boolean, keyof typeof HEADERS][] = [
    [true, 'x-request-id'],
    [isEdited, 'etag'],
    [isArray && query?.json.properties?.cursor !== undefined, 'x-next-cursor'],
    [method === 'POST', 'idempotency-replayed'],
  ];
  const names = possible.filter(([isPossible]) => isPossible).map(([, name]) => name);
  return Object.fromEntries(
    names.map((name) => [name, { description: HEADERS[name], schema: { type: 'string' } }]),
  );
}

function takesIfMatch({ headers }: AnyOperation): boolean {
  return headers?.json.properties?.['if-match'] !== undefined;
}

/** Whether the query or the body names something that must be there. */
function namesThing({ query, body }: AnyOperation): boolean {
  return [query?.json.properties?.company_id, body?.json.properties?.message_id].some(Boolean);
}

/** Which errors an operation can have follows from what it takes. */
function errorStatuses(endpoint: Described): number[] {
  const { api, method, path, body, query } = endpoint;
  const possible: [boolean, number][] = [
    [api.auth !== 'none', STATUS.unauthorized],
    [api.auth !== 'none', STATUS.forbidden],
    [path.includes('{') || namesThing(endpoint), STATUS.not_found],
    [method === 'POST', STATUS.conflict],
    [takesIfMatch(endpoint), STATUS.precondition_failed],
    [body !== undefined, STATUS.payload_too_large],
    [body !== undefined, STATUS.unsupported_media_type],
    [body !== undefined || query !== undefined || api.errors === 'detail', STATUS.validation_error],
    [true, STATUS.rate_limited],
    [true, STATUS.internal_error],
    [api.auth !== 'none', STATUS.unavailable],
  ];
  return possible.filter(([isPossible]) => isPossible).map(([, status]) => status);
}

function errorResponse({ api, startsTurns }: Described, status: number): object {
  const inDetail = status === STATUS.validation_error ? 'HTTPValidationError' : 'HTTPError';
  const ours = api.errors === 'code' ? 'Error' : inDetail;
  const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const isThrottled = status === STATUS.rate_limited;
  const isGateways = status === STATUS.unauthorized || (isThrottled && !startsTurns);
  // A key that is refused or lacks the scope; too many requests, or too many answers at a time.
  const isEither = (status === STATUS.forbidden && api.auth === 'api-key') || (isThrottled && startsTurns);
  const either = { anyOf: [reference(ours), reference('GatewayError')] };
  const schema = isEither ? either : reference(isGateways ? 'GatewayError' : ours);
  return { description: DESCRIPTIONS[status], content: { 'application/json': { schema } } };
}
