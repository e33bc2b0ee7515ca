import { type OutputUnit, type Schema, validate } from '@cfworker/json-schema';
import { stepsOf } from '../domain/json-pointer.ts';

/** The innermost of what is wrong with a value by a schema, or null. */
export function errorBy(schema: Schema, value: unknown): OutputUnit | null {
  const { valid, errors } = validate(value, schema, '2020-12');
  return valid ? null : (errors.at(-1) ?? null);
}

/** The names and indexes in a URI's fragment, which is a JSON Pointer (RFC 6901, section 6). */
export function pathOf(uri: string): (string | number)[] {
  const [, fragment = ''] = uri.split('#');
  return stepsOf(decodeURIComponent(fragment));
}
