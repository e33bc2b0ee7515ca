import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.ts';
import { invalid } from '../domain/errors.ts';
import type { IdempotencyKey } from '../domain/idempotency.ts';

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/u;

/**
 * Refuses a header that is not a key. It costs nothing, so it comes with the other headers; the hash of the request comes
 * when all else is known to be right.
 *
 * @throws ParleyError validation_error when it is not 1..255 visible ASCII characters
 */
export function checkIdempotencyKey(header: string | undefined, method: string): void {
  if (isKept(header, method) && !VISIBLE_ASCII.test(header))
    throw invalid(['header', 'idempotency-key'], 'must be 1 to 255 visible ASCII characters', 'pattern');
}

/**
 * The key of a POST, or null where the client sent none. The request is its method, path, query and body; two of
 * them are the same when those are, with bodies compared as JSON values.
 *
 * @param request within the limits of its schemas, as it was sent: numbers exact, no defaults filled in
 */
export function idempotencyKeyOf(
  header: string | undefined,
  request: { method: string; path: string; query: unknown; body: unknown },
): IdempotencyKey | null {
  if (!isKept(header, request.method)) return null;
  return { keyHash: sha256(header), requestHash: sha256(canonicalJson(request)) };
}

function isKept(header: string | undefined, method: string): header is string {
  return header !== undefined && method === 'POST';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
