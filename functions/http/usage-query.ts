import { DAY_MS, dayOf, startOf } from '../domain/days.ts';
import { invalid } from '../domain/errors.ts';
import { schema } from './schema.ts';
import * as field from './schemas.ts';

/** How many days are shown where nobody says otherwise, the last one included. */
const DEFAULT_DAYS = 30;
/** A quarter of a year. */
const MOST_DAYS = 93;

/** Which days of usage are shown, both included. */
export const USAGE_DAYS = {
  from: { ...field.day, description: `Default: ${DEFAULT_DAYS} days up to \`to\`.` },
  to: {
    ...field.day,
    description: `Default: ${DEFAULT_DAYS} days from \`from\`, or today. At most ${MOST_DAYS} days are shown.`,
  },
} as const;
export const usageQuery = schema({ type: 'object', properties: USAGE_DAYS });

interface Asked {
  readonly from?: string;
  readonly to?: string;
}

/** @throws ParleyError validation_error for days that are none, in the wrong order, or too many */
export function checkUsageDays({ query }: { query: Asked }): void {
  for (const name of ['from', 'to'] as const) {
    const day = query[name];
    if (day !== undefined && startOf(day) === null) throw invalid(['query', name], 'is no day');
  }
  if (query.from === undefined || query.to === undefined) return;
  const days = (Date.parse(query.to) - Date.parse(query.from)) / DAY_MS + 1;
  if (days < 1) throw invalid(['query', 'to'], 'is before `from`');
  if (days > MOST_DAYS) throw invalid(['query', 'to'], `must be at most ${MOST_DAYS} days from \`from\``);
}

/** The days that are asked for. */
export function usageDays({ from, to }: Asked, nowMs: number): { from: string; to: string } {
  const shift = (day: string, days: number) => dayOf(Date.parse(day) + days * DAY_MS);
  if (from !== undefined) return { from, to: to ?? shift(from, DEFAULT_DAYS - 1) };
  const last = to ?? dayOf(nowMs);
  return { from: shift(last, 1 - DEFAULT_DAYS), to: last };
}
