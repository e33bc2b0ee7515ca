import { type FaultLocation, invalid, notFound, type ParleyError } from '../domain/errors.ts';
import { stepsOf } from '../domain/json-pointer.ts';
import type { AnyOperation } from './endpoint.ts';
import type { Incoming } from './event.ts';
import { checkIdempotencyKey } from './idempotency-key.ts';
import type { JsonSchema, Schema } from './schema.ts';
import { cursor, text, uuid } from './schemas.ts';

/** One compiled schema, as Ajv's standalone code exports it. */
interface Validator {
  (value: unknown): boolean;
  errors?: readonly Fault[] | null;
}
interface Fault {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The compiled schemas of one operation; lib/validators.ts makes them when the bundle is built. */
export interface Validators {
  readonly body?: Validator;
  readonly query?: Validator;
  readonly path?: Validator;
  readonly headers?: Validator;
}

/** Checks the whole input of a request against its schemas, and fills defaults in. */
export function validation(endpoint: AnyOperation, validators: Validators) {
  return {
    before({ event }: { event: Incoming }): void {
      event.sentQuery = withoutEmpty(event.queryStringParameters);
      event.query = typed(endpoint.query, event.sentQuery);
      event.path = typed(endpoint.pathParameters, event.pathParameters ?? {}) as Incoming['path'];
      check(validators.headers, event.headers, 'header');
      checkIdempotencyKey(event.headers['idempotency-key'], endpoint.method);
      checkPath(endpoint, validators, event);
      check(validators.query, event.query, 'query');
      check(validators.body, event.body, 'body');
    },
  };
}

function checkPath(endpoint: AnyOperation, validators: Validators, event: Incoming): void {
  try {
    check(validators.path, event.path, 'path');
  } catch (error) {
    if (endpoint.api.errors === 'detail') throw error;
    event.unknownPath = notFound('Resource');
  }
}

function check(validator: Validator | undefined, value: unknown, part: string): void {
  if (!validator || validator(value)) return;
  const fault = validator.errors?.[0];
  if (!fault) throw invalid([part], 'is not valid');
  throw refusal(fault, part);
}

function refusal(fault: Fault, part: string): ParleyError {
  const { missingProperty } = fault.params;
  const location: FaultLocation = [
    part,
    ...stepsOf(fault.instancePath),
    ...(typeof missingProperty === 'string' ? [missingProperty] : []),
  ];
  return invalid(
    location,
    messageOf(fault),
    fault.keyword === 'required' ? 'missing' : snakeCase(fault.keyword),
  );
}

/** What a pattern of http/schemas.ts asks for, for people. */
const PATTERNS: Readonly<Record<string, string>> = {
  [text.pattern]: 'must not hold a lone surrogate',
  [uuid.pattern]: 'must be a UUID',
  [cursor.pattern]: 'is not a cursor of this list',
};

function messageOf({ keyword, message, params }: Fault): string {
  if (keyword === 'required') return 'is required';
  if (keyword === 'enum') return `must be one of ${JSON.stringify(params.allowedValues)}`;
  if (keyword === 'x-max-bytes') return `must be at most ${String(params.limit)} bytes of UTF-8`;
  if (keyword === 'x-max-json-bytes') return `must be at most ${String(params.limit)} bytes of JSON`;
  if (keyword === 'x-max-json-depth') return `must nest at most ${String(params.limit)} levels deep`;
  if (keyword === 'pattern') {
    return PATTERNS[String(params.pattern)] ?? 'has the wrong form';
  }
  return message ?? 'is not valid';
}

function snakeCase(keyword: string): string {
  return keyword.replaceAll('-', '_').replaceAll(/[A-Z]/gu, (letter) => `_${letter.toLowerCase()}`);
}

function withoutEmpty(query: Record<string, string | undefined> | undefined): Record<string, string> {
  const present = Object.entries(query ?? {}).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return Object.fromEntries(present);
}

/** The texts of a path or query as what their schema says they are. */
function typed(
  schema: Schema<unknown> | undefined,
  values: Record<string, unknown>,
): Record<string, unknown> {
  const properties = schema?.json.properties ?? {};
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    typedValue(properties[name], String(value)),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Integers are `-?[0-9]+` and nothing else: Ajv's own coercion would also take `0x2a`, `1e3` and the empty string.
 * Other numbers may have a fraction. UUIDs are read in either case and written in lower case (RFC 9562, section 4).
 */
function typedValue(property: JsonSchema | undefined, text: string): string | number {
  const types = [property?.type].flat();
  if (types.includes('integer') && /^-?\d+$/u.test(text)) return Number(text);
  if (types.includes('number') && /^-?\d+(?:\.\d+)?$/u.test(text)) return Number(text);
  return property?.format === 'uuid' ? text.toLowerCase() : text;
}
