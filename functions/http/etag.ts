import { type Editable, FIRST_VERSION } from '../domain/editable.ts';
import { schema } from './schema.ts';

/** The headers of an operation that edits: with If-Match it edits only what the caller has seen. */
export const editHeaders = schema({ type: 'object', properties: { 'if-match': { type: 'string' } } });

/** The entity tag of a thing: the version of its editable fields. */
export function etagHeader({ version = FIRST_VERSION }: Editable): Record<string, string> {
  return { etag: `"${version}"` };
}

/**
 * The versions that an If-Match header names (RFC 9110, section 13.1.1), or null where any will do. Tags are compared
 * strongly: a weak one, or one that we never made, names no version.
 */
export function expectedVersions(ifMatch: string | undefined): readonly number[] | null {
  if (ifMatch === undefined || ifMatch.trim() === '*') return null;
  const tags = ifMatch.split(',').map((tag) => tag.trim().match(/^"(?<version>[1-9]\d{0,14})"$/u));
  return tags.flatMap((tag) => (tag?.groups?.version ? [Number(tag.groups.version)] : []));
}
