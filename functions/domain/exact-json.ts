import type { FreeJson } from './json.ts';
import { nestsDeeperThan } from './json-depth.ts';
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

/**
 * @param depth how many levels it may nest, up to JSON_DEPTH and a few: what is deeper could not be walked
 * @throws SyntaxError on malformed JSON, RangeError when it nests deeper
 */
export function parseExact(text: string, depth = JSON_DEPTH): unknown {
  if (nestsDeeperThan(text, depth)) throw new RangeError(`JSON nests deeper than ${depth} levels`);
  return JSON.parse(text, (_key, parsed, { source }) =>
    typeof parsed === 'number' && !isExact(parsed, source) ? JSON.rawJSON(source) : parsed,
  );
}

function isExact(value: number, source: string): boolean {
  if (value === 0) return source === '0'; // not an underflow, and not -0, which JSON.stringify writes as 0
  return Number.isFinite(value) && Math.abs(value) >= SMALLEST_NORMAL && hasExactDigits(source);
}

/** Whether there are few enough digits after leading zeros; it reads no further than it takes to know. */
function hasExactDigits(source: string): boolean {
  if (source.length <= EXACT_DIGITS) return true;
  let digits = 0;
  for (const character of source) {
    if (character === 'e' || character === 'E') break;
    const isDigit = character !== '-' && character !== '.';
    if (isDigit && (digits > 0 || character !== '0')) digits += 1;
    if (digits > EXACT_DIGITS) return false;
  }
  return true;
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
  if (!isJsonObject(value)) return withDoubles(value);
  const entries = Object.entries(value).map(([name, member]) => {
    const isFree = freeJson.includes(name) && isContainer(member);
    return [name, isFree ? member : withDoubles(member)];
  });
  return Object.fromEntries(entries);
}

/**
 * A copy in which every number is a double, for whoever must see a number where there is one.
 *
 * @param value within JSON_DEPTH: it is walked level by level
 */
export function withDoubles(value: unknown): unknown {
  if (JSON.isRawJSON(value)) return Number(value.rawJSON);
  if (Array.isArray(value)) return value.map(withDoubles);
  if (!isContainer(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withDoubles(member)]));
}
