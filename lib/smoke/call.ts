import { newApiKey } from '../../functions/authorizer/api-key.ts';
import type { Target } from './target.ts';

/** A call of the API, and what must come of it. */
export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  /** Which credential it carries. */
  readonly as: 'user' | 'key' | 'nobody' | 'wrong key';
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly status: number;
}

/** What came: its headers and, as JSON, its body. */
export interface Answer {
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** API Gateway gives up after 30 s. */
const TIMEOUT_MS = 35_000;

/** Calls the API. @throws Error that says what came instead of the expected status */
export async function send(target: Target, call: Call, interrupted: AbortSignal): Promise<Answer> {
  const { method = 'POST', path, body, idempotencyKey, status } = call;
  const response = await fetch(target.url + path, {
    method,
    headers: {
      ...credentialOf(target, call.as),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), interrupted]),
  });
  const text = await response.text();
  if (response.status !== status) {
    const id = response.headers.get('x-request-id') ?? response.headers.get('apigw-requestid') ?? '';
    throw new Error(`${response.status} instead of ${status}: ${text.slice(0, 300)} (request ${id})`);
  }
  return { headers: response.headers, body: JSON.parse(text) as Answer['body'] };
}

function credentialOf({ token, apiKey }: Target, as: Call['as']): Record<string, string> {
  switch (as) {
    case 'user':
      return { authorization: `Bearer ${token}` };
    case 'key':
      return { 'x-api-key': apiKey };
    case 'wrong key':
      return { 'x-api-key': newApiKey().key }; // well-formed, and nobody's
    case 'nobody':
      return {};
  }
}

/** The id of what was made. */
export function idIn({ body }: Answer): string {
  const id = body.id ?? body.thread_id; // an assistant thread's
  if (typeof id !== 'string') throw new Error('The answer has no id');
  return id;
}
