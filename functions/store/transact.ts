import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Context } from '../domain/context.ts';
import { table } from './client.ts';
import { failureOf } from './failures.ts';
import type { Key } from './keys.ts';
import { contested, send } from './send.ts';
import type { StoredItem } from './stored-item.ts';

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

/** A transaction that was cancelled because another held one of its items. */
export interface Conflict {
  readonly conflict: {
    /** The item that both update, or null where that is not why. */
    readonly item: Key | null;
    readonly cause: unknown;
  };
}

/**
 * Commits all writes or none. Conflicts with other transactions, throttling and answers that are lost are tried again,
 * for as long as the function has time: the very same transaction, under one token, which DynamoDB makes once.
 *
 * @throws what DynamoDB said, when it is neither a failed condition nor passing
 */
export async function transact<Name extends string>(
  writes: Writes<Name>,
  context: Context,
): Promise<Outcome<Name>> {
  const { named, command } = prepare(writes);
  try {
    await send(command, { context });
    return { committed: true };
  } catch (error) {
    return refusalOf(named, error);
  }
}

/** The same, but a conflict is the caller's: it may want to write something else then. */
export async function transactOnce<Name extends string>(
  writes: Writes<Name>,
  context: Context,
): Promise<Outcome<Name> | Conflict> {
  const { named, command } = prepare(writes);
  try {
    await send(command, { context, throwsConflicts: true });
    return { committed: true };
  } catch (error) {
    if (failureOf(error) === 'conflict')
      return { conflict: { item: contested(command, error), cause: error } };
    return refusalOf(named, error);
  }
}

interface Named {
  readonly name: string;
  readonly item: TransactItem;
}

function prepare(writes: Writes<string>): { named: readonly Named[]; command: TransactWriteCommand } {
  const named = Object.entries(writes).flatMap(([name, write]) =>
    write ? [{ name, item: withTableAndOldItem(write) }] : [],
  );
  const TransactItems = named.map(({ item }) => item);
  const ClientRequestToken = crypto.randomUUID();
  return { named, command: new TransactWriteCommand({ TransactItems, ClientRequestToken }) };
}

function withTableAndOldItem(write: Write): TransactItem {
  const entries = Object.entries(write).map(([kind, parameters]) => [
    kind,
    { ...parameters, TableName: table().name, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
  ]);
  return Object.fromEntries(entries) as TransactItem; // the same members, each with the table's name
}

/** The conditions that did not hold. @throws the error where that is not what it says */
function refusalOf<Name extends string>(named: readonly Named[], error: unknown): Outcome<Name> {
  const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
  const failed = failedOf<Name>(named, reasons);
  if (Object.keys(failed).length === 0) throw error;
  return { committed: false, failed };
}

/** DynamoDB gives one reason for each write, in their order; the document client leaves items as they came. */
function failedOf<Name extends string>(
  writes: readonly Named[],
  reasons: readonly CancellationReason[],
): Failed<Name> {
  const failed = writes.flatMap(({ name }, index) => {
    const { Code, Item: old } = reasons[index] ?? {};
    return Code === 'ConditionalCheckFailed' ? [[name, { current: old && unmarshall(old) }] as const] : [];
  });
  return Object.fromEntries(failed) as Failed<Name>; // the names are the writes'
}
