import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Context } from '../domain/context.ts';
import { table } from './client.ts';
import { type StoredItem } from './stored-item.ts';

/** An item as the document client gives it. */
export type Item = Readonly<Record<string, unknown>>;

type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];
/** One write of a transaction, without the table's name. */
export type Write = {
  [K in keyof TransactItem]: Omit<NonNullable<TransactItem[K]>, 'TableName' | 'Item'> &
    (K extends 'Put' ? { readonly Item: StoredItem } : unknown);
};

/** The writes of a transaction by names that it gives them; null is none. */
export type Writes<Name extends string> = Readonly<Record<Name, Write | null>>;

/** A condition that did not hold, with the item as it was, if it was there. */
interface ConditionFailure {
  readonly current: Item | undefined;
}

/** The writes whose conditions did not hold, under their names. */
export type Failed<Name extends string> = { readonly [N in Name]?: ConditionFailure };

/** Whether a transaction was committed, and if not, which of its conditions did not hold. */
export type Outcome<Name extends string> =
  | { readonly committed: true }
  | { readonly committed: false; readonly failed: Failed<Name> };

/** Reasons of a cancellation after which the very same transaction may succeed. The SDK does not retry these. */
const PASSING = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
const FIRST_DELAY_MS = 10;
const LONGEST_DELAY_MS = 400;
/** Time kept back to answer with. */
const RESERVE_MS = 1_000;

/**
 * Commits all writes or none. Conflicts with other transactions and throttling are tried again, with jitter, for as
 * long as the function has time.
 *
 * @throws what DynamoDB said, when it is neither a failed condition nor passing
 */
export async function transact<Name extends string>(
  writes: Writes<Name>,
  context: Context,
): Promise<Outcome<Name>> {
  const named = Object.entries<Write | null>(writes).flatMap(([name, write]) =>
    write ? [{ name, item: withTableAndOldItem(write) }] : [],
  );
  const TransactItems = named.map(({ item }) => item);
  for (let attempt = 0; ; attempt += 1) {
    try {
      await table().client.send(new TransactWriteCommand({ TransactItems }));
      return { committed: true };
    } catch (error) {
      const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
      if (reasons.some(({ Code }) => Code === 'ConditionalCheckFailed')) {
        return { committed: false, failed: failedOf(named, reasons) };
      }
      if (!reasons.some(({ Code }) => PASSING.has(Code ?? '')) || !(await pause(attempt, context)))
        throw error;
    }
  }
}

/** Waits before the next attempt: full jitter, doubling. @returns false when no time is left for one. */
export async function pause(attempt: number, context: Context): Promise<boolean> {
  const delayMs = Math.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  if (context.remainingMs() < RESERVE_MS + delayMs) return false;
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  return true;
}

function withTableAndOldItem(write: Write): TransactItem {
  const entries = Object.entries(write).map(([kind, parameters]) => [
    kind,
    { ...parameters, TableName: table().name, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
  ]);
  return Object.fromEntries(entries) as TransactItem; // the same members, each with the table's name
}

/** DynamoDB gives one reason for each write, in their order; the document client leaves items as they came. */
function failedOf<Name extends string>(
  writes: readonly { readonly name: string }[],
  reasons: readonly CancellationReason[],
): Failed<Name> {
  const failed = writes.flatMap(({ name }, index) => {
    const { Code, Item: old } = reasons[index] ?? {};
    return Code === 'ConditionalCheckFailed' ? [[name, { current: old && unmarshall(old) }] as const] : [];
  });
  return Object.fromEntries(failed) as Failed<Name>; // the names are the writes'
}
