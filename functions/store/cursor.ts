import { createHash } from 'node:crypto';
import { invalid } from '../domain/errors.ts';

/** What a cursor is bound to: the partition, which is made from the credential, and the query. */
export interface CursorScope {
  readonly pk: string;
  readonly query: string;
}

const CHECK_BYTES = 8;

/**
 * A position in a list, opaque to the caller: the position and 8 bytes of SHA-256 over partition, query and position.
 * There is no secret to keep: who tampers with it can only reach what the credential could read anyway.
 */
export function toCursor(scope: CursorScope, position: string): string {
  return Buffer.concat([check(scope, position), Buffer.from(position)]).toString('base64url');
}

/** @throws ParleyError validation_error for a cursor of another caller, filter or order, or a tampered one */
export function fromCursor(scope: CursorScope, cursor: string | undefined): string | null {
  if (cursor === undefined) return null;
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.subarray(CHECK_BYTES).toString('utf8');
  const isOurs = bytes.subarray(0, CHECK_BYTES).equals(check(scope, position));
  // Decoding passes over foreign characters and spare bits; what we made encodes to itself.
  if (!isOurs || bytes.toString('base64url') !== cursor) {
    throw invalid(['query', 'cursor'], 'is not a cursor of this list', 'cursor');
  }
  return position;
}

function check({ pk, query }: CursorScope, position: string): Buffer {
  const hash = createHash('sha256').update(JSON.stringify([pk, query, position]));
  return hash.digest().subarray(0, CHECK_BYTES);
}
