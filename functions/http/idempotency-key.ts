import { createHash } from 'node:crypto';
import { invalid } from '../domain/errors.ts';
import { canonicalJson } from '../domain/exact-json.ts';

/** A client's promise that requests with one key are one request; only hashes of key and request are kept. */
export interface IdempotencyKey {
  readonly keyHash: string;
  readonly requestHash: string;
}

const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/u;

/**
 * The key of a POST, or null where the client sent none. The request is its method, path, query and body; two of
 * them are the same when those are, with bodies compared as JSON values.
 *
 * @throws ParleyError validation_error when the header is not 1..255 visible ASCII characters
 */
export function idempotencyKeyOf(
  header: string | undefined,
  request: { method: string; path: string; query: unknown; body: unknown },
): IdempotencyKey | null {
  if (header === undefined || request.method !== 'POST') return null;
  if (!VISIBLE_ASCII.test(header)) {
    throw invalid(['header', 'idempotency-key'], 'must be 1 to 255 visible ASCII characters', 'pattern');
  }
  return { keyHash: sha256(header), requestHash: sha256(canonicalJson(request)) };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
