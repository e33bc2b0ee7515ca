/** Every way a request can be refused. Each style of API has a body for every one of them (http/error-bodies.ts). */
export type ErrorCode =
  | 'validation_error'
  | 'unauthorized'
  | 'missing_brand_context'
  | 'subject_mismatch'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition_failed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'unavailable'
  | 'internal_error';

/** Where in a request the fault is: `['body', 'assistant_type']`, `['query', 'limit']`, `['path', 'agent_id']`. */
export type FaultLocation = readonly (string | number)[];

/** The one error of the product: a code for programs, a message for people, and for validation errors a place. */
export class ParleyError extends Error {
  override readonly name = 'ParleyError';
  readonly code: ErrorCode;
  readonly location: FaultLocation;
  /** What kind of fault it is, as the schema says it: `required`, `type`, `enum`, `maxLength` … */
  readonly fault: string;
  /** What the error's body says beside code and message. */
  readonly extra: object;
  /** When the same request may succeed, where that is known. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ErrorCode,
    message: string,
    details: {
      location?: FaultLocation;
      fault?: string;
      extra?: object;
      retryAfterSeconds?: number;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = code;
    this.location = details.location ?? [];
    this.fault = details.fault ?? code;
    this.extra = details.extra ?? {};
    this.retryAfterSeconds = details.retryAfterSeconds ?? null;
  }
}

/** What a caller is told of whatever was thrown: nothing, unless it was meant for them. */
export function toParleyError(cause: unknown): ParleyError {
  return cause instanceof ParleyError
    ? cause
    : new ParleyError('internal_error', 'Something went wrong on our side', { cause });
}

/** Whether what failed may succeed in a moment. */
export function isPassing(error: unknown): boolean {
  return error instanceof ParleyError && error.code === 'unavailable';
}

/**
 * A 404 for a thing that is not there for this caller; another tenant's looks exactly the same.
 *
 * @param what the thing, as a person would say it: `Conversation`
 */
export function notFound(what: string): ParleyError {
  return new ParleyError('not_found', `${what} not found`);
}

/** A refusal of the input at one place of the request. */
export function invalid(location: FaultLocation, message: string, fault = 'value_error'): ParleyError {
  return new ParleyError('validation_error', message, { location, fault });
}
