import { runWithTimeout } from './run-with-timeout.ts';

/** Where a value is wrong, as the names and indexes that lead there, and how. */
export interface SchemaFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/**
 * How long checks may take. One takes a millisecond, and some hundred where eight processes share two cores: it is the
 * clock that is looked at, not the work. A schema that makes one take longer was written to do that.
 */
export const CHECK_WITHIN_MS = 2_000;

/** References that lead in circles, a pattern that backtracks without end: the check throws, or is ended. */
export const UNCHECKABLE: SchemaFault = {
  path: [],
  message: 'cannot be checked: it leads in circles, or takes too long',
};

/**
 * Runs checks one after another, all of them within one limit: many slow ones take no longer than one.
 *
 * @returns the fault that each has found, or null; UNCHECKABLE for those that throw or that the time did not reach
 */
export function runChecks(
  checks: readonly (() => SchemaFault | null)[],
  limitMs = CHECK_WITHIN_MS,
): readonly (SchemaFault | null)[] {
  const faults: (SchemaFault | null)[] = checks.map(() => UNCHECKABLE);
  try {
    runWithTimeout(limitMs, () => {
      for (const [index, check] of checks.entries()) faults[index] = faultOf(check);
    });
  } catch {
    // The time is over. V8 ends what runs then without asking its catch clauses.
  }
  return faults;
}

function faultOf(check: () => SchemaFault | null): SchemaFault | null {
  try {
    return check();
  } catch {
    return UNCHECKABLE;
  }
}
