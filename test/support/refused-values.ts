import type { JsonSchema } from '../../functions/http/schema.ts';
import { minimum } from './examples.ts';

/** Values that a schema refuses, for what it says of the value itself. */
export function wrongValues(schema: JsonSchema): unknown[] {
  const { type, enum: allowed, format } = schema;
  const types = [type].flat();
  const limit = (keyword: string) => (typeof schema[keyword] === 'number' ? [schema[keyword]] : []);
  const isText = types.includes('string');
  return [
    isText ? 1 : 'text',
    ...(types.includes('null') ? [] : [null]),
    ...(isText ? ['\ud800'] : []),
    ...(isText && allowed ? ['none of these'] : []),
    ...(isText && format === 'uuid' ? ['no-uuid'] : []),
    ...(types.includes('integer') ? [1.5] : []),
    ...limit('minimum').map((minimum) => minimum - 1),
    ...limit('maximum').map((maximum) => maximum + 1),
    ...limit('maxLength').map((most) => 'x'.repeat(most + 1)),
    ...limit('minLength').flatMap((least) => (least > 0 ? [''] : [])),
    ...limit('x-max-bytes').map((most) => 'é'.repeat(most / 2 + 1)),
    ...limit('x-max-json-bytes').map((most) => ({ a: 'x'.repeat(most) })),
    ...(schema['x-web-url'] ? ['', 'no url', 'javascript:alert(1)', 'data:text/html,', '//example.com'] : []),
  ];
}

/** The same, and values in which something deeper is wrong. */
export function refusedValues(schema: JsonSchema): unknown[] {
  const { properties = {}, required = [], maxItems, items } = schema;
  const withMember = (name: string, value: unknown) => ({ ...(minimum(schema) as object), [name]: value });
  const item = items as JsonSchema | undefined; // the schemas here have no other
  return [
    ...wrongValues(schema),
    ...Object.entries(properties).flatMap(([name, property]) =>
      refusedValues(property).map((value) => withMember(name, value)),
    ),
    ...required.map((name) => withMember(name, undefined)),
    ...(item ? refusedValues(item).map((value) => [value]) : []),
    ...(item && typeof maxItems === 'number'
      ? [Array.from({ length: maxItems + 1 }, () => minimum(item))]
      : []),
  ];
}
