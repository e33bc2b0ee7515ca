import { endpoints } from '../functions/endpoints.ts';
import type { AnyEndpoint } from '../functions/http/endpoint.ts';
import { STATUS } from '../functions/http/error-bodies.ts';

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
};

/** What an operation can answer, by status, as the OpenAPI document says it. */
export function responsesOf(endpoint: AnyEndpoint): object {
  const { responses, mediaType = 'application/json' } = endpoint;
  const headers = responseHeaders(endpoint);
  const successes = Object.entries(responses).map(([status, schema]) => [
    status,
    { description: 'Success', headers, content: { [mediaType]: { schema: schema.json } } },
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
function responseHeaders({ method, path, query, responses }: AnyEndpoint): object {
  const isArray = Object.values(responses).some(({ json }) => json.type === 'array');
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

function takesIfMatch({ headers }: AnyEndpoint): boolean {
  return headers?.json.properties?.['if-match'] !== undefined;
}

/** Which errors an operation can have follows from what it takes. */
function errorStatuses(endpoint: AnyEndpoint): number[] {
  const { api, method, path, body, query } = endpoint;
  const possible: [boolean, number][] = [
    [api.auth !== 'none', STATUS.unauthorized],
    [api.auth !== 'none', STATUS.forbidden],
    [path.includes('{') || query?.json.properties?.company_id !== undefined, STATUS.not_found],
    [method === 'POST', STATUS.conflict],
    [takesIfMatch(endpoint), STATUS.precondition_failed],
    [body !== undefined, STATUS.payload_too_large],
    [body !== undefined, STATUS.unsupported_media_type],
    [body !== undefined || query !== undefined || api.errors === 'detail', STATUS.validation_error],
    [true, STATUS.rate_limited],
    [true, STATUS.internal_error],
  ];
  return possible.filter(([isPossible]) => isPossible).map(([, status]) => status);
}

function errorResponse({ api, startsTurns }: AnyEndpoint, status: number): object {
  const ours =
    api.errors === 'code'
      ? 'Error'
      : status === STATUS.validation_error
        ? 'HTTPValidationError'
        : 'HTTPError';
  const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const isThrottled = status === STATUS.rate_limited;
  const isGateways = status === STATUS.unauthorized || (isThrottled && !startsTurns);
  // A key that is refused or lacks the scope; too many requests, or too many answers at a time.
  const isEither = (status === STATUS.forbidden && api.auth === 'api-key') || (isThrottled && startsTurns);
  const either = { anyOf: [reference(ours), reference('GatewayError')] };
  const schema = isEither ? either : reference(isGateways ? 'GatewayError' : ours);
  return { description: DESCRIPTIONS[status], content: { 'application/json': { schema } } };
}
