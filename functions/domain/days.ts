export const DAY_MS = 24 * 60 * 60 * 1_000;

/** `2026-11-22` of `2026-11-22T10:00:00.000Z`. */
const DATE_CHARACTERS = 10;

/** The day (UTC) of a time, `2026-11-22`. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, DATE_CHARACTERS);
}

/** When a day begins, in milliseconds since 1970, or null where there is no such day. */
export function startOf(day: string): number | null {
  const ms = Date.parse(`${day}T00:00:00.000Z`);
  return Number.isNaN(ms) || dayOf(ms) !== day ? null : ms;
}
