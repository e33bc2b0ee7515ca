import { ParleyError } from '../domain/errors.ts';
import { type Patience, pause } from '../patience/pause.ts';
import { callTime } from '../patience/request-time.ts';
import type { Table } from './client.ts';
import { failureOf, heldPlaces } from './failures.ts';
import type { Key } from './keys.ts';
import { waitForTurn } from './pace.ts';
import { type Command, sendOnce } from './send-once.ts';

/** Whose time it is, and where it is sent. */
interface Sending {
  /** Null for that of the request at hand, or nobody's, in a command that somebody runs. */
  readonly context: Patience | null;
  /** The function's own table, unless it is another. */
  readonly to?: Table;
  /** Leaves conflicts to the caller, which wants to send something else after one. */
  readonly throwsConflicts?: boolean;
}

/**
 * Has the database do a command, and tries again what passes, for as long as there is time: the one way to the table.
 * Each attempt ends where that time does. Conflicts, which DynamoDB raises wherever a transaction and another write meet
 * at an item, may take all of a function's time, and other failures some seconds of a request in all.
 *
 * What may have been written is written again: transactions have a token, under which DynamoDB makes each once, and
 * every other write of ours may be made twice.
 *
 * @throws ParleyError unavailable when no time is left for what passes; in a command, what the database said
 * @throws what the database said, when it does not pass
 */
export async function send<Output>(
  command: Command<Output>,
  { context, to, throwsConflicts = false }: Sending,
): Promise<Output> {
  const time = callTime(context);
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await sendOnce(command, { to, withinMs: time.attemptMs() });
    } catch (error) {
      const failure = failureOf(error);
      if (failure === 'final' || (failure === 'conflict' && throwsConflicts)) throw error;
      const isNext =
        failure === 'conflict'
          ? awaitTurn(contested(command, error), attempt, time.patience)
          : time.pause(attempt);
      if (!(await isNext)) throw time.patience ? unavailable(error) : error;
    }
  }
}

function awaitTurn(item: Key | null, attempt: number, patience: Patience | null): Promise<boolean> {
  return item && patience ? waitForTurn(item, attempt + 1, patience) : pause(attempt, patience);
}

/** What people are told of a database that did not answer in time. */
export function unavailable(cause?: unknown): ParleyError {
  return new ParleyError('unavailable', 'This cannot be done at the moment; try again in some seconds', {
    fault: 'database',
    cause,
  });
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
