import { ParleyError } from '../domain/errors.ts';
import type { FailureKind } from '../domain/turn.ts';

/** What the SDK's errors have: a status where there was an answer, a type where that had a body. */
interface UpstreamError {
  readonly name?: string;
  readonly message?: string;
  readonly status?: number;
  readonly type?: string | null;
  /** A connection's. */
  readonly cause?: unknown;
  /** The AWS SDK's. */
  readonly $metadata?: unknown;
}

const BUSY: readonly unknown[] = [429, 529, 'rate_limit_error', 'overloaded_error'];
const UNPAID: readonly unknown[] = [402, 'billing_error'];
const MISCONFIGURED: readonly unknown[] = [
  401,
  403,
  404,
  'authentication_error',
  'permission_error',
  'not_found_error',
];
/** After these the same request may succeed. */
const PASSING: readonly unknown[] = [408, 409, 'api_error', 'timeout_error'];
const OURS: readonly unknown[] = ['TypeError', 'RangeError', 'ReferenceError'];

/**
 * Why an answer could not be made, by what was thrown: the statuses and types are the Messages API's ("Errors"), which
 * refuses with 400 and these words where an account has no credit left.
 */
export function failureKind(cause: unknown): FailureKind {
  if (cause instanceof ParleyError) return kindOfOurs(cause);
  const error = (cause ?? {}) as UpstreamError;
  const { message = '', status, type } = error;
  const says = (list: readonly unknown[]) => list.includes(status ?? type);
  if (says(BUSY)) return 'model_busy';
  if (says(UNPAID) || /credit balance/iu.test(message)) return 'no_credit';
  if (says(MISCONFIGURED)) return 'configuration';
  if (says(PASSING) || (status ?? 0) >= 500) return 'model_unreachable';
  if (status !== undefined || typeof type === 'string') return 'model_refused_request';
  return isOurs(error) ? 'internal' : 'model_unreachable';
}

function kindOfOurs({ code, fault }: ParleyError): FailureKind {
  if (fault === 'database' || fault === 'configuration') return fault;
  return code === 'unavailable' ? 'model_unreachable' : 'internal';
}

/** What an AWS service refuses, and our own mistakes; `fetch` has a TypeError for a broken connection, with its cause. */
function isOurs({ name, cause, $metadata }: UpstreamError): boolean {
  return $metadata !== undefined || (OURS.includes(name) && cause === undefined);
}
