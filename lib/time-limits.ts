import { ANSWER_MS } from '../functions/domain/limits.ts';
import type { AnyEndpoint } from '../functions/http/endpoint.ts';
import type { StreamFunction } from '../functions/http/stream-endpoint.ts';

/** Time limits, longest outermost: waiting for a turn (25 s), the function, the gateway (30 s, which cannot be moved). */
const SLOW_FUNCTION_TIMEOUT_MS = 29_000;
const FUNCTION_TIMEOUT_MS = 10_000;

/** How long the authorizer of API keys may take: one read. */
export const AUTHORIZER_TIMEOUT_MS = 5_000;

/** Cognito gives a trigger 5 s. */
export const CLAIMS_TIMEOUT_MS = 5_000;

/** How long an operation's function may take, deployed and locally. */
export function functionTimeoutMs({ waits }: AnyEndpoint): number {
  return waits ? SLOW_FUNCTION_TIMEOUT_MS : FUNCTION_TIMEOUT_MS;
}

/** How long a client follows what is made elsewhere before it comes back: an open connection is a running function. */
const FOLLOW_TIMEOUT_MS = 5 * 60_000;

/** How long a function that streams may take. */
export function streamTimeoutMs(name: StreamFunction): number {
  return name === 'follow' ? FOLLOW_TIMEOUT_MS : WORKER_TIMEOUT_MS;
}

/** How long a title may take: a short answer, with its retries. */
export const TITLE_TIMEOUT_MS = 60_000;

/** How long the function that makes an answer may take. */
export const WORKER_TIMEOUT_MS = ANSWER_MS;
