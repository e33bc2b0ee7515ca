import type { SchemaFault } from './checks.ts';

type Schema = Readonly<Record<string, unknown>>;

/** These mean the same with `strict` as without it. */
const PLAIN = [
  'type',
  'title',
  'description',
  'default',
  'required',
  'enum',
  'const',
  'properties',
  '$schema',
];
const NAMED = ['properties', '$defs', 'definitions'];
const LISTS = ['anyOf', 'allOf'];

/** The formats of texts that are kept to (lib/transform-json-schema of the SDK). */
const FORMATS = ['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'];

/**
 * What the Messages API would refuse a tool's schema for where the tool is `strict`, and with it the whole request: it
 * makes a grammar of the schema, and knows a part of JSON Schema alone (platform.claude.com, "JSON Schema limitations").
 * What that page does not name is not possible here.
 *
 * @param schema one that the service takes without `strict`
 */
export function strictFault(schema: unknown): SchemaFault | null {
  return faultIn(schema, [], { root: schema as Schema, refs: [] });
}

interface Within {
  readonly root: Schema;
  /** The references that have led here: none may come again. */
  readonly refs: readonly string[];
}

function faultIn(schema: unknown, path: SchemaFault['path'], within: Within): SchemaFault | null {
  if (typeof schema !== 'object' || schema === null) return { path, message: 'is not possible with strict' };
  const { type, additionalProperties } = schema as Schema;
  const isObject = type === 'object' || (Array.isArray(type) && type.includes('object'));
  if (isObject && additionalProperties !== false)
    return { path: [...path, 'additionalProperties'], message: 'must be false with strict' };
  for (const [keyword, value] of Object.entries(schema)) {
    const fault = keywordFault(keyword, value, { path: [...path, keyword], within });
    if (fault) return fault;
  }
  return null;
}

function keywordFault(
  keyword: string,
  value: unknown,
  { path, within }: { path: SchemaFault['path']; within: Within },
): SchemaFault | null {
  if (NAMED.includes(keyword))
    return firstOf(Object.entries(value as Schema), ([name, each]) => faultIn(each, [...path, name], within));
  if (LISTS.includes(keyword))
    return firstOf([...(value as unknown[]).entries()], ([index, each]) =>
      faultIn(each, [...path, index], within),
    );
  if (keyword === 'items') return faultIn(value, path, within);
  if (keyword === '$ref') return referenceFault(String(value), { path, within });
  return isPossible(keyword, value) ? null : { path, message: 'is not possible with strict' };
}

function isPossible(keyword: string, value: unknown): boolean {
  if (keyword === 'enum')
    return (value as unknown[]).every((each) => typeof each !== 'object' || each === null);
  if (keyword === 'const') return typeof value !== 'object' || value === null;
  if (keyword === 'format') return FORMATS.includes(value as string);
  if (keyword === 'minItems') return value === 0 || value === 1;
  return PLAIN.includes(keyword) || (keyword === 'additionalProperties' && value === false);
}

/** A schema within itself has no grammar that ends. */
function referenceFault(
  ref: string,
  { path, within: { root, refs } }: { path: SchemaFault['path']; within: Within },
): SchemaFault | null {
  const names = ref.startsWith('#/') ? ref.slice(2).split('/') : [];
  const isKnown = names.length === 2 && NAMED.includes(names[0] ?? '');
  if (!isKnown || refs.includes(ref))
    return { path, message: 'must lead to a definition that does not lead back' };
  const [map = '', name = ''] = names;
  const target = (root[map] as Schema | undefined)?.[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  return target === undefined ? null : faultIn(target, path, { root, refs: [...refs, ref] });
}

function firstOf<T>(all: readonly T[], faultOf: (each: T) => SchemaFault | null): SchemaFault | null {
  for (const each of all) {
    const fault = faultOf(each);
    if (fault) return fault;
  }
  return null;
}
