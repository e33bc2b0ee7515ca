import { setTimeout as wait } from 'node:timers/promises';
import type { DatabaseError } from './database-proxy.ts';
import { keysIn, type Operation } from './writes.ts';

/** How long a transaction holds its items at least, in milliseconds: about what one takes on AWS. */
const HOLD_MS = 8;

/** A call that may go on, or what DynamoDB answers in its place. */
export type Admission =
  | { readonly refusal: DatabaseError | object }
  | {
      readonly refusal: null;
      /** Its items are free again. @returns once that is so: a transaction's not before its time */
      readonly end: () => Promise<void>;
    };

const FREE: Admission = { refusal: null, end: async () => {} };

/**
 * Raises conflicts as DynamoDB does; DynamoDB Local raises none. It follows "Transaction conflict handling in DynamoDB"
 * of the developer guide (docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html), the API
 * reference of TransactWriteItems and the errors of the SDK's types:
 *
 * - An item of a TransactWriteItems, also one that it only checks, is held from its begin to its end. Another transaction
 *   that meets it is cancelled, with a reason for each of its items in their order. A PutItem, UpdateItem or DeleteItem
 *   is rejected with a TransactionConflictException. Nothing queues.
 * - A transaction with the ClientRequestToken of one in progress is a TransactionInProgressException.
 * - The API reference also cancels a transaction when "an ongoing operation is in the process of updating the same item":
 *   so single writes, and those of a BatchWriteItem, hold their items against transactions while they last, and never
 *   against each other.
 * - A TransactGetItems is cancelled by whatever is held.
 * - BatchWriteItem has no error for a conflict: what cannot be written comes back as UnprocessedItems.
 *
 * What it cannot imitate: how long AWS holds an item (a time is given), conflicts of clocks between coordinators, the
 * recovery of a transaction whose coordinator died (seconds), that a cancelled transaction may have held its other items for
 * a moment, that reasons may name conditions beside conflicts, and that a batch is refused only in part: one held item
 * refuses all of it.
 */
export function conflicts(holdMs: number = HOLD_MS) {
  const inTransactions = new Set<string>();
  const inWrites = new Set<readonly string[]>();
  const tokens = new Set<unknown>();

  const isUpdated = (item: string) =>
    inTransactions.has(item) || [...inWrites].some((items) => items.includes(item));

  function admitTransaction(call: Operation): Admission {
    const { ClientRequestToken: token } = call.input;
    if (token !== undefined && tokens.has(token)) return { refusal: IN_PROGRESS };
    const items = keysOf(call);
    if (items.some(isUpdated)) return { refusal: cancelled(items.map(isUpdated)) };
    const ended = wait(holdMs);
    tokens.add(token);
    for (const item of items) inTransactions.add(item);
    const end = async () => {
      await ended;
      tokens.delete(token);
      for (const item of items) inTransactions.delete(item);
    };
    return { refusal: null, end };
  }

  function admitWrites(call: Operation): Admission {
    const items = keysOf(call);
    if (items.some((item) => inTransactions.has(item)))
      return {
        refusal:
          call.operation === 'BatchWriteItem' ? { UnprocessedItems: call.input.RequestItems } : REJECTED,
      };
    inWrites.add(items);
    return { refusal: null, end: async () => void inWrites.delete(items) };
  }

  return {
    /** A call begins; whoever admits it ends it. */
    admit: (call: Operation): Admission => {
      if (holdMs === 0) return FREE;
      if (call.operation === 'TransactWriteItems') return admitTransaction(call);
      if (call.operation !== 'TransactGetItems') return admitWrites(call);
      const items = readKeysOf(call);
      return items.some(isUpdated) ? { refusal: cancelled(items.map(isUpdated)) } : FREE;
    },
  };
}

const HELD = { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };
const IN_PROGRESS: DatabaseError = {
  status: 400,
  type: 'TransactionInProgressException',
  message: 'The transaction with the given request token is already in progress.',
};
const REJECTED: DatabaseError = {
  status: 400,
  type: 'TransactionConflictException',
  message: 'Transaction is ongoing for the item',
};

/** A cancelled transaction in DynamoDB's words. */
function cancelled(held: readonly boolean[]): DatabaseError {
  const codes = held.map((isHeld) => (isHeld ? 'TransactionConflict' : 'None'));
  return {
    status: 400,
    type: 'TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: held.map((isHeld) => (isHeld ? HELD : { Code: 'None' })),
  };
}

/** Items of different tables are different. */
function keysOf(call: Operation): string[] {
  const { operation, input } = call;
  const writes = (input.TransactItems ?? []) as Record<string, { TableName: string }>[];
  const [first] = writes.flatMap((write) => Object.values(write));
  const [batched] = Object.keys(input.RequestItems ?? {});
  const tableName = (input.TableName as string | undefined) ?? first?.TableName ?? batched;
  return keysIn({ operation, input }).map((key) => `${tableName} ${key}`);
}

function readKeysOf({ input }: Operation): string[] {
  const reads = input.TransactItems as { Get: { TableName: string; Key: { pk: object; sk: object } } }[];
  return reads.map(({ Get: { TableName, Key } }) => {
    const [pk, sk] = [Key.pk, Key.sk].map((part) => Object.values(part)[0] as unknown);
    return `${TableName} ${JSON.stringify([pk, sk])}`;
  });
}
