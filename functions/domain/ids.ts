import { ID_BYTES } from './limits.ts';

/**
 * UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, 74 random bits. Canonical lower-case text sorts
 * as the ids do, which is why a message's id is its sort key, its cursor and its read position.
 */

const RANDOM_B_BITS = 62n;
const RANDOM_BITS = 74n;
const RANDOM_B_MASK = (1n << RANDOM_B_BITS) - 1n;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @returns whether `text` is a UUID of any version, in either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** @returns whether `text` is an integer from 0 to 2^53-1 as it is written in decimal, without zeros before it. */
export function isIntegerId(text: string): boolean {
  return /^(?:0|[1-9]\d*)$/u.test(text) && Number.isSafeInteger(Number(text));
}

/** @returns whether `text` is an id of somebody else's making: well-formed, and not longer than any id. */
export function isTextId(text: string): boolean {
  return text !== '' && text.isWellFormed() && Buffer.byteLength(text) <= ID_BYTES;
}

/** A fresh id for the instant `nowMs` (milliseconds since 1970). */
export function newId(nowMs: number): string {
  return format((BigInt(nowMs) << RANDOM_BITS) | random(RANDOM_BITS));
}

/**
 * An id just after `id`, for the writer whose clock is behind the thread's last message. It moves on by up to 2^48
 * (a millisecond is 2^74), so that writers who all step past the same message do not choose the
 * same next id: a thread's last id says whose message it is.
 */
export function idAfter(id: string): string {
  return format(position(id) + 1n + random(48n));
}

/** The first of all ids of an instant (milliseconds since 1970): what happened before it has a smaller id. */
export function firstIdAt(ms: number): string {
  return format(BigInt(ms) << RANDOM_BITS);
}

/** The instant of an id, in milliseconds since 1970. */
export function timeOf(id: string): number {
  return Number(position(id) >> RANDOM_BITS);
}

/** The instant of an id as RFC 3339 in UTC with milliseconds: `2026-11-21T10:00:00.000Z`. */
export function timestampOf(id: string): string {
  return new Date(timeOf(id)).toISOString();
}

function random(bits: bigint): bigint {
  const [high, low] = crypto.getRandomValues(new BigUint64Array(2)) as unknown as [bigint, bigint];
  return ((high << 64n) | low) & ((1n << bits) - 1n);
}

/** The 122 bits of an id that are not version or variant, as one number. */
function position(id: string): bigint {
  const hex = id.replaceAll('-', '');
  const ms = BigInt(`0x${hex.slice(0, 12)}`);
  const randomA = BigInt(`0x${hex.slice(13, 16)}`);
  const randomB = BigInt(`0x${hex.slice(16)}`) & RANDOM_B_MASK;
  return (ms << RANDOM_BITS) | (randomA << RANDOM_B_BITS) | randomB;
}

function format(position: bigint): string {
  const ms = position >> RANDOM_BITS;
  const randomA = (position >> RANDOM_B_BITS) & 0xfffn;
  const bits =
    (ms << 80n) | (0x7n << 76n) | (randomA << 64n) | (0b10n << RANDOM_B_BITS) | (position & RANDOM_B_MASK);
  const hex = bits.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
