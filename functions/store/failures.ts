import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';

/**
 * What an error of the database means for the next attempt. `conflict`: a transaction holds the item, and nothing was
 * written. `busy`: nothing was written either. `unknown`: it may have been. `final`: anything else.
 */
export type Failure = 'conflict' | 'busy' | 'unknown' | 'final';

const CONFLICT = 'TransactionConflict';
/** Reasons of a cancelled transaction. */
const BUSY_REASONS = new Set(['ThrottlingError', 'ProvisionedThroughputExceeded']);
/** Names and codes of errors without an answer: the SDK's, and the system's. */
const UNANSWERED = new Set([
  'AbortError',
  'TimeoutError',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/**
 * Names of errors of the service's that pass, as the SDK (@smithy/core, retry) and DynamoDB's pages "Error handling" and
 * "TransactWriteItems" have them. The token of a transaction in progress says how that ended.
 */
const PASSING = new Set([
  'BandwidthLimitExceeded',
  'InternalServerError',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingError',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);
const TOO_MANY_REQUESTS = 429;

/** What the SDK's errors say, and the system's. */
interface Told {
  readonly name?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Judges an error. A cancelled transaction with a condition that did not hold is final, whatever else it met. */
export function failureOf(error: unknown): Failure {
  if (error instanceof TransactionCanceledException) {
    const codes = (error.CancellationReasons ?? []).map(({ Code = '' }) => Code);
    if (codes.includes('ConditionalCheckFailed')) return 'final';
    if (codes.includes(CONFLICT)) return 'conflict';
    return codes.some((code) => BUSY_REASONS.has(code)) ? 'busy' : 'final';
  }
  const { name = '', code = '', $metadata } = (error ?? {}) as Told;
  if (name === 'TransactionConflictException') return 'conflict';
  const status = $metadata?.httpStatusCode ?? 0;
  const isUnknown =
    [name, code].some((each) => UNANSWERED.has(each)) ||
    PASSING.has(name) ||
    status === TOO_MANY_REQUESTS ||
    status >= 500;
  return isUnknown ? 'unknown' : 'final';
}

/** The places of a transaction's writes whose items another one held. */
export function heldPlaces(error: unknown): readonly number[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).flatMap(({ Code }, index) => (Code === CONFLICT ? [index] : []));
}
