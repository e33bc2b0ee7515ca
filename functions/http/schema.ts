import type { FromSchema, JSONSchema } from 'json-schema-to-ts';

/** A JSON Schema and, for the compiler alone, the type of what it accepts. The type is never written twice. */
export interface Schema<T> {
  readonly json: JsonSchema;
  /** Only the compiler sees it. */
  readonly accepts?: T;
}

/** The parts of a schema that are looked at while running or building. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** What a schema accepts. */
export type Of<S> = S extends Schema<infer T> ? T : never;

/**
 * A schema with its type. NoInfer keeps the compiler from trying to infer the schema from the type: without it one
 * property costs 12 million type instantiations.
 */
export function schema<const S extends JSONSchema>(json: S): Schema<NoInfer<Known<FromSchema<S>>>> {
  return { json: json as JsonSchema }; // JSONSchema also allows a boolean, which no operation here uses
}

/**
 * The named properties only. Unknown fields are accepted on the wire, so json-schema-to-ts adds an index signature,
 * under which a misspelt property would compile.
 */
type Known<T> = T extends readonly (infer I)[]
  ? Known<I>[]
  : T extends object
    ? string extends keyof NamedOnly<T>
      ? T
      : keyof NamedOnly<T> extends never
        ? T
        : { [K in keyof NamedOnly<T>]: Known<NamedOnly<T>[K]> }
    : T;
type NamedOnly<T> = { [K in keyof T as string extends K ? never : K]: T[K] };

/** The value without the fields that its schema does not name: they are accepted and ignored, so nothing may store them. */
export function knownOnly<T>(known: Schema<T>, value: T): T {
  return pickKnown(known.json, value) as T; // leaves every named property as it is
}

function pickKnown({ properties }: JsonSchema, value: unknown): unknown {
  if (!properties || typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => Object.hasOwn(properties, name));
  return Object.fromEntries(
    entries.map(([name, member]) => [name, pickKnown(properties[name] ?? {}, member)]),
  );
}
