import type { FreeJson } from './json.ts';
import { JSON_DEPTH } from './limits.ts';

/**
 * JSON that comes back as it was sent. `JSON.parse` alone turns 9007199254740993 into …992 and 1e400 into null;
 * here a number that a double cannot hold stays raw JSON (ECMAScript's JSON.parse source text access, in Node 21+).
 */
declare global {
  interface JSON {
    rawJSON(text: string): unknown;
    isRawJSON(value: unknown): value is { readonly rawJSON: string };
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source: string }) => unknown,
    ): unknown;
  }
}

/** Every decimal of up to 15 significant digits survives a double (IEEE 754 binary64, DBL_DIG) that is not subnormal. */
const EXACT_DIGITS = 15;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

/** @throws SyntaxError on malformed JSON, RangeError when it nests deeper than JSON_DEPTH. */
export function parseExact(text: string): unknown {
  const value = JSON.parse(text, (_key, parsed, { source }) =>
    typeof parsed === 'number' && !isExact(parsed, source) ? JSON.rawJSON(source) : parsed,
  );
  if (isDeeperThan(value, JSON_DEPTH)) throw new RangeError(`JSON nests deeper than ${JSON_DEPTH} levels`);
  return value;
}

function isExact(value: number, source: string): boolean {
  const digits = source
    .replace(/[eE].*$/u, '')
    .replaceAll(/[-.]/gu, '')
    .replace(/^0+/u, '');
  if (value === 0) return source === '0'; // not an underflow, and not -0, which JSON.stringify writes as 0
  return digits.length <= EXACT_DIGITS && Number.isFinite(value) && Math.abs(value) >= SMALLEST_NORMAL;
}

/** Walks level by level: a recursive walk would be the very stack overflow that it guards against. */
function isDeeperThan(value: unknown, depth: number): boolean {
  let level = [value].filter(isContainer);
  for (let deep = 1; level.length > 0; deep += 1) {
    if (deep > depth) return true;
    level = level.flatMap((each) => Object.values(each).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !JSON.isRawJSON(value);
}

/** Whether a parsed value is an object: no list, and no raw number, which is an object to JavaScript. */
export function isJsonObject(value: unknown): value is FreeJson {
  return isContainer(value) && !Array.isArray(value);
}

/**
 * A parsed body with raw numbers in these members alone, which are free JSON; elsewhere a number is a double, so that
 * a schema sees a number where there is one.
 */
export function exactMembers(value: unknown, freeJson: readonly string[]): unknown {
  if (!isContainer(value) || Array.isArray(value)) return withDoubles(value);
  const entries = Object.entries(value).map(([name, member]) => {
    const isFree = freeJson.includes(name) && isContainer(member);
    return [name, isFree || typeof member === 'string' ? member : withDoubles(member)];
  });
  return Object.fromEntries(entries);
}

/** A copy in which every number is a double, for whoever must see a number where there is one. */
export function withDoubles(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** One text for all JSON-equal values: keys sorted at every level, numbers in one form. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' || JSON.isRawJSON(value)) return canonicalNumber(JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

/** `1.50e2`, `150` and `150.0` are all `15e1`: significant digits and the exponent of the last of them. */
function canonicalNumber(source: string): string {
  const {
    sign = '',
    whole = '',
    fraction = '',
    exponent = '0',
  } = source.match(/^(?<sign>-?)(?<whole>\d+)(?:\.(?<fraction>\d+))?(?:[eE](?<exponent>[-+]?\d+))?$/u)
    ?.groups ?? {};
  const digits = (whole + fraction).replace(/^0+/u, '');
  const significant = digits.replace(/0+$/u, '');
  if (significant === '') return '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
