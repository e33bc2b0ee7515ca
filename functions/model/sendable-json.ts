import { isJsonObject } from '../domain/exact-json.ts';

/**
 * The same value without half a character, in names of members too, which the Messages API refuses with the whole request
 * ("The request body is not valid JSON: no low surrogate in string", anthropics/claude-code#8272).
 */
export function wellFormedJson(value: unknown, sendable = (raw: RawNumber): unknown => raw): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (JSON.isRawJSON(value)) return sendable(value);
  if (Array.isArray(value)) return value.map((each) => wellFormedJson(each, sendable));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormedJson(member, sendable)]),
  );
}

type RawNumber = { readonly rawJSON: string };

/** The same as a part of a request: a number that no double holds is a text there, because not every parser takes it. */
export function sendableJson(value: unknown): unknown {
  return wellFormedJson(value, (raw) => (Number.isFinite(Number(raw.rawJSON)) ? raw : raw.rawJSON));
}
