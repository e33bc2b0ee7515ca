import { ParleyError } from '../domain/errors.ts';
import { ID_BYTES } from '../domain/limits.ts';

/**
 * Joins parts with `#`, each percent-encoded: parts are free text, and brand `a` with user `b#c` must not meet brand
 * `a#b` with user `c`.
 *
 * @throws ParleyError validation_error for a part over 128 bytes or with a lone surrogate
 */
export function join(...parts: readonly (string | number)[]): string {
  return parts.map((part) => encode(String(part))).join('#');
}

function encode(part: string): string {
  if (Buffer.byteLength(part) > ID_BYTES || !part.isWellFormed()) {
    throw new ParleyError('validation_error', `An id is longer than ${ID_BYTES} bytes or not well-formed`);
  }
  return encodeURIComponent(part);
}
