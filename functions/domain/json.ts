/** Any JSON value. Numbers that a double cannot hold are kept as raw JSON (exact-json.ts). */
export type Json = unknown;

/** A JSON object that belongs to the caller: stored as text, given back JSON-equal, never interpreted. */
export type FreeJson = Record<string, Json>;
