import type { Measures } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import type { KeyHolder, User } from '../domain/principal.ts';
import { metricFields } from './metrics.ts';
import { stackFrames } from './stack-frames.ts';

interface RequestLog {
  readonly operation: string;
  readonly requestId: string;
  readonly status: number;
  readonly startedAtMs: number;
  readonly measures: Partial<Measures>;
  readonly principal: User | KeyHolder | null;
  /** The turn that it made, where it made one. */
  readonly turnId?: string;
  readonly error: ParleyError | undefined;
}

/**
 * Writes the one line that a request leaves: ids, codes, durations, and the metrics that CloudWatch reads out of it.
 * `level` and `timestamp` are what Lambda's own log filter goes by. Never content, tokens or keys, and of an error
 * only its name, code and place: a cancelled transaction's error carries the old item.
 */
export function logRequest(request: RequestLog): void {
  const { operation, requestId, status, startedAtMs, principal, turnId, error, measures } = request;
  const now = Date.now();
  const line = {
    level: status >= 500 ? 'ERROR' : 'INFO',
    timestamp: new Date(now).toISOString(),
    request_id: requestId,
    operation,
    status: String(status), // a dimension of a metric is a text
    duration_ms: now - startedAtMs,
    ...(principal && { caller: principal.userId }),
    ...(principal?.kind === 'key-holder' && { organization: principal.organizationId, key: principal.keyId }),
    ...(turnId !== undefined && { turn: turnId }),
    ...(error && { code: error.code }),
    ...(error && status >= 500 && { cause: causeOf(error.cause ?? error) }),
    ...metricFields(measures, now),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Of DynamoDB's and the model's errors what is safe: never the message, which may quote what was sent. */
interface UpstreamError extends Error {
  readonly code?: unknown;
  readonly status?: unknown;
  readonly type?: unknown;
  /** The model's id of the request. */
  readonly requestID?: unknown;
  /** DynamoDB's. */
  readonly $metadata?: { readonly requestId?: string };
}

function causeOf(cause: unknown): unknown {
  if (!(cause instanceof Error)) return { name: typeof cause };
  if (cause instanceof ParleyError) return { name: cause.name, message: cause.message };
  const { name, code, status, type, requestID, $metadata }: UpstreamError = cause;
  return {
    name,
    code,
    status,
    type,
    upstream_request_id: $metadata?.requestId ?? requestID,
    at: stackFrames(cause),
  };
}
