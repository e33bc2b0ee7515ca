import { SLOWEST_CALL_MS, type Table } from './client.ts';
import { failureOf, heldPlaces } from './failures.ts';
import type { Key } from './keys.ts';
import { waitForTurn } from './pace.ts';
import { hasTimeFor, type Patience, pause } from './pause.ts';
import { type Command, sendOnce } from './send-once.ts';

/** Whose time it is, and where it is sent. */
interface Sending {
  /** Null for a command that somebody runs, which has no time limit. */
  readonly context: Patience | null;
  /** The function's own table, unless it is another. */
  readonly to?: Table;
  /** Leaves conflicts to the caller, which wants to send something else after one. */
  readonly throwsConflicts?: boolean;
}

/**
 * Has the database do a command, and tries again what passes, for as long as there is time: the one way to the table.
 * The SDK tries three times what was throttled or not answered; it does not know conflicts, which DynamoDB raises
 * wherever a transaction and another write meet at an item.
 *
 * What may have been written is tried again only under a token: DynamoDB makes a transaction once for each.
 *
 * @throws what the database said, when it does not pass or no time is left
 */
export async function send<Output>(
  command: Command<Output>,
  { context, to, throwsConflicts = false }: Sending,
): Promise<Output> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await sendOnce(command, to);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'final' || (failure === 'conflict' && throwsConflicts)) throw error;
      if (failure === 'unknown' && !(hasToken(command) && hasTimeFor(SLOWEST_CALL_MS, context))) throw error;
      const item = failure === 'conflict' && context ? contested(command, error) : null;
      const isNext = item && context ? waitForTurn(item, attempt + 1, context) : pause(attempt, context);
      if (!(await isNext)) throw error;
    }
  }
}

function hasToken({ input }: Command<unknown>): boolean {
  return 'ClientRequestToken' in input && input.ClientRequestToken !== undefined;
}

/** A transaction's parts, as far as they are looked at here. */
interface Part {
  readonly Update?: { readonly Key?: unknown };
}

/**
 * The item at which a transaction met another, or null where it only puts or deletes what is held there: such items are
 * written rarely, and a function that does not update may not be allowed to take a slot.
 */
export function contested({ input }: Command<unknown>, error: unknown): Key | null {
  const { TransactItems: parts = [] } = input as { TransactItems?: readonly Part[] };
  const keys = heldPlaces(error).flatMap((place) => parts[place]?.Update?.Key ?? []);
  return (keys[0] as Key | undefined) ?? null; // the keys are ours
}
