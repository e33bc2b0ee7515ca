import { dereference, type Schema, validate } from '@cfworker/json-schema';
import { withDoubles } from '../domain/exact-json.ts';
import type { FreeJson, Json } from '../domain/json.ts';
import { stepsOf } from '../domain/json-pointer.ts';
import { METASCHEMA } from './metaschema.ts';
import { within } from './within.ts';

/**
 * A check takes a millisecond, and some hundred where eight processes share two cores: it is the clock that is looked at,
 * not the work. A schema that makes one take longer was written to do that.
 */
const CHECK_WITHIN_MS = 2_000;

/** Where a value is wrong, as the names and indexes that lead there, and how. */
export interface SchemaFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * What is wrong with the schema of a tool's arguments, or null. It must be one that the model's service takes (an
 * object, not a choice of several), and that arguments can be checked against.
 */
export function toolSchemaFault(inputSchema: FreeJson): SchemaFault | null {
  const schema = withDoubles(inputSchema) as Schema; // as far as it is not, the metaschema says so
  return inBounds(() => shapeFault(schema) ?? metaFault(schema) ?? referenceFault(schema));
}

/** What of a call's arguments the schema of its tool refuses, or null. */
export function argumentsFault(inputSchema: FreeJson, given: Json): SchemaFault | null {
  const schema = withDoubles(inputSchema) as Schema; // it was checked when the agent was made
  return inBounds(() => faultBy(schema, withDoubles(given)));
}

/** References that lead in circles, a pattern that backtracks without end: the check throws, or is ended. */
const UNCHECKABLE: SchemaFault = {
  path: [],
  message: 'cannot be checked: it leads in circles, or takes too long',
};

function inBounds(check: () => SchemaFault | null): SchemaFault | null {
  try {
    return within(CHECK_WITHIN_MS, check);
  } catch {
    return UNCHECKABLE;
  }
}

/** Combinations at the top are what the Messages API refuses, and with them the whole request. */
const NOT_AT_THE_TOP = ['allOf', 'anyOf', 'oneOf'];

/** What the server says beside the arguments: a model that could say it as well would be confused with it. */
const RESERVED = 'context';

function shapeFault(schema: Schema): SchemaFault | null {
  const { type, properties, required }: Partial<Record<keyof Schema, unknown>> = schema;
  if (type !== 'object') return { path: ['type'], message: 'must be "object"' };
  const combination = NOT_AT_THE_TOP.find((keyword) => Object.hasOwn(schema, keyword));
  if (combination !== undefined) return { path: [combination], message: 'is not possible at the top' };
  if (Object.hasOwn(properties ?? {}, RESERVED))
    return { path: ['properties', RESERVED], message: 'is for the server to say, not for the model' };
  if (Array.isArray(required) && required.includes(RESERVED))
    return { path: ['required'], message: `must not have ${RESERVED}, which the server says` };
  return null;
}

function metaFault(schema: Schema): SchemaFault | null {
  const fault = faultBy(METASCHEMA as Schema, schema); // the compiler takes each "array" in it for any text
  return fault && { ...fault, message: `is not JSON Schema: ${fault.message}` };
}

/** Every reference must lead somewhere, and come to an end. */
function referenceFault(schema: Schema): SchemaFault | null {
  const known = dereference(schema);
  for (const [uri, each] of Object.entries(known)) {
    if (typeof each !== 'object' || each.$ref === undefined) continue;
    const { __absolute_ref__: target = '' } = each; // left there by dereference
    if (known[target] === undefined)
      return { path: [...pathOf(uri), '$ref'], message: 'refers to what is not there' };
  }
  faultBy(schema, {});
  return null;
}

function faultBy(schema: Schema, value: unknown): SchemaFault | null {
  const { valid, errors } = validate(value, schema, '2020-12');
  const innermost = errors.at(-1);
  if (valid || !innermost) return null;
  return { path: pathOf(innermost.instanceLocation), message: `does not fit "${innermost.keyword}"` };
}

/** The JSON Pointer in a URI's fragment (RFC 6901, section 6). */
function pathOf(uri: string): (string | number)[] {
  const [, fragment = ''] = uri.split('#');
  return stepsOf(decodeURIComponent(fragment));
}
