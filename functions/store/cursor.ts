import { createHash } from 'node:crypto';
import { invalid } from '../domain/errors.ts';
import type { Tenancy } from '../domain/principal.ts';

/** What a cursor is bound to: the credential, and what of the query chooses and orders the list's entries. */
export interface CursorScope {
  readonly scope: Tenancy;
  readonly list: readonly (string | number | null)[];
  /**
   * Whether a text can be a position of this list. Who has read this file can make up a cursor, so a position is
   * checked like any other input.
   */
  readonly isPosition: (text: string) => boolean;
}

const CHECK_BYTES = 8;

/**
 * A position in a list, opaque to the caller: the position and 8 bytes of SHA-256 over credential, list and position.
 * There is no secret to keep: who tampers with it can only reach what the credential could read anyway.
 *
 * @param position where the page ended, or null at the end of the list
 */
export function toCursor(scope: CursorScope, position: string | null): string | null {
  if (position === null) return null;
  return Buffer.concat([check(scope, position), Buffer.from(position)]).toString('base64url');
}

/** @throws ParleyError validation_error for a cursor of another caller, filter or order, or a tampered one */
export function fromCursor(scope: CursorScope, cursor: string | null | undefined): string | null {
  if (cursor === undefined || cursor === null) return null;
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.subarray(CHECK_BYTES).toString('utf8');
  const isOurs = bytes.subarray(0, CHECK_BYTES).equals(check(scope, position));
  // Decoding passes over foreign characters and spare bits; what we made encodes to itself.
  if (!isOurs || !scope.isPosition(position) || bytes.toString('base64url') !== cursor) {
    throw invalid(['query', 'cursor'], 'is not a cursor of this list', 'cursor');
  }
  return position;
}

function check({ scope: { tenant, caller }, list }: CursorScope, position: string): Buffer {
  const bound = [tenant.kind, tenant.id, caller, list, position];
  return createHash('sha256').update(JSON.stringify(bound)).digest().subarray(0, CHECK_BYTES);
}
