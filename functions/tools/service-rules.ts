import type { Schema } from '@cfworker/json-schema';
import type { SchemaFault } from './checks.ts';
import { errorBy, pathOf } from './json-schema.ts';
import { METASCHEMA, PROPERTY_NAME } from './metaschema.ts';

/** What the Messages API takes as the name of a tool (platform.claude.com, "Define tools"). */
export const TOOL_NAME = /^[a-zA-Z0-9_-]{1,64}$/u;

/** `input_schema does not support oneOf, allOf, or anyOf at the top level` (anthropics/claude-code#5973). */
const NOT_AT_THE_TOP = ['allOf', 'anyOf', 'oneOf'];

/**
 * What the Messages API would refuse a tool's schema for, and with it the whole request: half a character anywhere, what
 * describes no object, and what is not JSON Schema 2020-12 with names of properties that it takes.
 */
export function serviceFault(schema: Schema): SchemaFault | null {
  return surrogateFault(schema, []) ?? topFault(schema) ?? metaFault(schema);
}

/** `The request body is not valid JSON: no low surrogate in string` (anthropics/claude-code#8272). */
function surrogateFault(value: unknown, path: SchemaFault['path']): SchemaFault | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : { path, message: LONE_SURROGATE };
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, member] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(name) : name.toWellFormed()];
    const fault = name.isWellFormed()
      ? surrogateFault(member, place)
      : { path: place, message: LONE_SURROGATE };
    if (fault) return fault;
  }
  return null;
}

const LONE_SURROGATE = 'must not hold a lone surrogate';

function topFault(schema: Schema): SchemaFault | null {
  if (schema.type !== 'object') return { path: ['type'], message: 'must be "object"' };
  const combination = NOT_AT_THE_TOP.find((keyword) => Object.hasOwn(schema, keyword));
  return combination === undefined ? null : { path: [combination], message: 'is not possible at the top' };
}

function metaFault(schema: Schema): SchemaFault | null {
  const error = errorBy(METASCHEMA as Schema, schema); // the compiler takes each "array" in it for any text
  if (!error) return null;
  const path = pathOf(error.instanceLocation);
  return error.keywordLocation.endsWith('/properties/propertyNames/pattern')
    ? { path, message: `is not a name that the model’s service takes: ${PROPERTY_NAME}` }
    : { path, message: `is not JSON Schema: does not fit "${error.keyword}"` };
}
