import { dereference, type Schema } from '@cfworker/json-schema';
import type { Tool } from '../domain/agent-configuration.ts';
import { withDoubles } from '../domain/exact-json.ts';
import type { FreeJson, Json } from '../domain/json.ts';
import { CHECK_WITHIN_MS, runChecks, type SchemaFault, UNCHECKABLE } from './checks.ts';
import { errorBy, pathOf } from './json-schema.ts';
import { serviceFault } from './service-rules.ts';
import { strictFault } from './strict-rules.ts';

/**
 * What is wrong with the schema of each of these tools' arguments, or null. A schema must be one that the model's service
 * takes, and that arguments can be checked against. All are checked within one limit of time.
 */
export function toolSchemaFaults(
  tools: readonly Pick<Tool, 'inputSchema' | 'strict'>[],
): readonly (SchemaFault | null)[] {
  return runChecks(
    tools.map(({ inputSchema, strict }) => () => {
      const schema = withDoubles(inputSchema) as Schema; // as far as it is not, the metaschema says so
      return (
        serviceFault(schema) ??
        reservedFault(schema) ??
        referenceFault(schema) ??
        (strict ? strictFault(schema) : null)
      );
    }),
  );
}

/** A time that several checks share: each has what those before it left. */
export interface SharedTime {
  leftMs: number;
  readonly now: () => number;
}

/** What of a call's arguments the schema of its tool refuses, or null. */
export function argumentsFault(inputSchema: FreeJson, given: Json, time: SharedTime): SchemaFault | null {
  const limitMs = Math.min(CHECK_WITHIN_MS, time.leftMs);
  if (limitMs < 1) return UNCHECKABLE;
  const startedAtMs = time.now();
  const [fault = null] = runChecks([() => misfit(inputSchema, given)], limitMs);
  time.leftMs -= time.now() - startedAtMs;
  return fault;
}

function misfit(inputSchema: FreeJson, given: Json): SchemaFault | null {
  const schema = withDoubles(inputSchema) as Schema; // it was checked when the agent was made
  const error = errorBy(schema, withDoubles(given));
  return error && { path: pathOf(error.instanceLocation), message: `does not fit "${error.keyword}"` };
}

/** What the server says beside the arguments: a model that could say it as well would be confused with it. */
const RESERVED = 'context';

function reservedFault({ properties = {}, required = [] }: Schema): SchemaFault | null {
  if (Object.hasOwn(properties, RESERVED))
    return { path: ['properties', RESERVED], message: 'is for the server to say, not for the model' };
  if (required.includes(RESERVED))
    return { path: ['required'], message: `must not have ${RESERVED}, which the server says` };
  return null;
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
  errorBy(schema, {});
  return null;
}
