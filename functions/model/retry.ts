import { ParleyError } from '../domain/errors.ts';

/** After these refusals the very same request may succeed: a time-out, a lock, a limit. So may it after any 5xx. */
const PASSING_STATUSES = new Set([408, 409, 429]);
/** What an `error` event within a stream says when it is the service's own fault. */
const PASSING_TYPES = new Set(['api_error', 'overloaded_error', 'rate_limit_error', 'timeout_error']);

const MAX_RETRIES = 2;
const FIRST_DELAY_MS = 500;
/** A retry with less time than this could not be answered. */
const LEAST_TIME_MS = 2_000;

/** What the SDK's errors have: a status where there was an answer, a type where that had a body. */
interface UpstreamError {
  readonly status?: number | undefined;
  readonly type?: string | null;
  readonly headers?: Headers | undefined;
}

/**
 * How long to wait before the model is asked again: what it asked for (`retry-after`), or half a second, doubled by
 * each retry, less a random part of up to half.
 *
 * @param retries how often it was asked again before
 * @param remainingMs what is left of the time for the whole answer
 * @returns null when it must not be asked again: the error will not pass, it was the second retry, or time is short
 */
export function retryDelayMs(
  error: unknown,
  { retries, remainingMs }: { retries: number; remainingMs: number },
): number | null {
  if (retries >= MAX_RETRIES || !isPassing(error)) return null;
  const backoffMs = FIRST_DELAY_MS * 2 ** retries * (1 - Math.random() / 2);
  const delayMs = retryAfterMs((error as UpstreamError).headers) ?? backoffMs;
  return delayMs + LEAST_TIME_MS <= remainingMs ? delayMs : null;
}

/** Connections that fail or fall silent have neither status nor type. */
function isPassing(error: unknown): boolean {
  if (error instanceof ParleyError) return error.code === 'unavailable';
  const { status, type } = error as UpstreamError;
  if (status !== undefined) return status >= 500 || PASSING_STATUSES.has(status);
  return typeof type !== 'string' || PASSING_TYPES.has(type);
}

/** How a system says that it has reached nobody. */
const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Whether a request that ended so, before its answer began, costs nothing: the service refused it, or was not reached. */
export function isForNothing(error: unknown): boolean {
  const { status, type, code, cause } = error as UpstreamError & {
    readonly code?: string;
    readonly cause?: unknown;
  };
  if (status !== undefined || typeof type === 'string') return true;
  return (code !== undefined && UNREACHED.has(code)) || (cause instanceof Error && isForNothing(cause));
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterMs(headers: Headers | undefined): number | null {
  const text = headers?.get('retry-after');
  if (!text) return null;
  const milliseconds = /^\d+$/u.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(milliseconds) ? null : Math.max(0, milliseconds);
}
