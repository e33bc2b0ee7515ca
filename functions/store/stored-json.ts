import { parseExact } from '../domain/exact-json.ts';
import type { FreeJson } from '../domain/json.ts';

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
