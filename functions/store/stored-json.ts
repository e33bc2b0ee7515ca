import { parseExact } from '../domain/exact-json.ts';
import type { FreeJson } from '../domain/json.ts';
import { JSON_DEPTH } from '../domain/limits.ts';
import type { ToolCall } from '../domain/message.ts';

/** What stands around a call's arguments and result: the list, the call, and an object around a result that is none. */
const LEVELS_AROUND_RESULTS = 3;

/**
 * Free JSON is stored as text: as a DynamoDB map, 2^53+1, 1e300, depth 40 and empty keys throw, and `__proto__`
 * vanishes. An empty object takes no room.
 */
export function toStored(value: object): string | undefined {
  return Object.keys(value).length > 0 ? JSON.stringify(value) : undefined;
}

/** The object that was stored, `{}` for none. */
export function fromStored(text: unknown): FreeJson {
  return typeof text === 'string' ? (parseExact(text) as FreeJson) : {}; // only objects are stored
}

/** The calls that were stored as text, with numbers as model and tools wrote them. */
export function callsFromStored(text: string): ToolCall[] {
  return parseExact(text, JSON_DEPTH + LEVELS_AROUND_RESULTS) as ToolCall[]; // nothing else is stored so
}
