import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import { IDEMPOTENCY_SECONDS } from '../domain/limits.ts';
import type { Tenancy } from '../domain/principal.ts';
import { idempotencyRecord } from './keys.ts';
import { type Item, type Refusal, transact, type Write } from './transact.ts';

/** A request that carries an Idempotency-Key: whose it is, and the hashes of key and request. */
export interface OnceOnly {
  readonly scope: Tenancy;
  readonly key: { readonly keyHash: string; readonly requestHash: string } | null;
}

/**
 * A write that is made, now or by the first request with this key. `kept` is what an answer cannot be made without:
 * from it both requests make the same answer.
 */
export interface Written<Kept> {
  readonly kept: Kept;
  /** Whether it was made before. */
  readonly replayed: boolean;
}

/** What became of a write with conditions of its own. `mismatched`: the key was used for another request. */
export type Tried<Kept> =
  | ({ readonly state: 'written' } & Written<Kept>)
  | { readonly state: 'refused'; readonly refusals: readonly (Refusal | undefined)[] }
  | { readonly state: 'mismatched'; readonly refusals: readonly (Refusal | undefined)[] };

interface OnceWrite<Kept> {
  readonly writes: readonly Write[];
  /** Ids and whatever else of the answer the request itself does not say; a JSON value, best under 1 KB. */
  readonly kept: Kept;
}

/**
 * Commits writes that have no conditions and, where the request has an Idempotency-Key, its record in the same
 * transaction.
 *
 * @throws ParleyError conflict when the key was used for another request
 */
export async function writeOnce<Kept>(
  once: OnceOnly,
  write: OnceWrite<Kept>,
  context: Context,
): Promise<Written<Kept>> {
  const tried = await tryWriteOnce(once, write, context);
  if (tried.state === 'mismatched') throw otherRequest();
  if (tried.state === 'refused')
    throw new ParleyError('internal_error', 'A write without a condition was refused');
  return tried;
}

/**
 * The same for writes with conditions. The record is judged before anything else: a replay is no conflict with what
 * the first request left behind.
 */
export async function tryWriteOnce<Kept>(
  once: OnceOnly | null,
  { writes, kept }: OnceWrite<Kept>,
  context: Context,
): Promise<Tried<Kept>> {
  const first = { state: 'written', kept, replayed: false } as const;
  if (!once?.key) {
    const outcome = await transact(writes, context);
    return outcome.committed ? first : { state: 'refused', refusals: outcome.refusals };
  }
  const { scope, key } = once;
  const nowSeconds = secondsOf(context);
  const record: Write = {
    Put: {
      Item: {
        ...idempotencyRecord(scope, key.keyHash),
        requestHash: key.requestHash,
        kept: JSON.stringify(kept),
        expires_at: nowSeconds + IDEMPOTENCY_SECONDS,
      },
      ConditionExpression: 'attribute_not_exists(pk) OR expires_at < :now',
      ExpressionAttributeValues: { ':now': nowSeconds },
    },
  };
  const outcome = await transact([record, ...writes], context);
  if (outcome.committed) return first;
  const [recorded, ...refusals] = outcome.refusals;
  if (!recorded) return { state: 'refused', refusals };
  if (recorded.current?.requestHash !== key.requestHash) return { state: 'mismatched', refusals };
  return { state: 'written', kept: keptBy(recorded.current) as Kept, replayed: true };
}

/**
 * Records a request that may be carried out any number of times, so that its key is not used for another.
 *
 * @returns whether it was recorded before
 * @throws ParleyError conflict when the key was used for another request
 */
export async function recordOnce(once: OnceOnly, context: Context): Promise<boolean> {
  return once.key !== null && (await writeOnce(once, { writes: [], kept: null }, context)).replayed;
}

/** TTL counts in seconds, and deletes late: who reads a record looks at its expiry. */
function secondsOf(context: Context): number {
  return Math.floor(context.now() / 1_000);
}

function keptBy(record: Item): unknown {
  return JSON.parse(String(record.kept));
}

/** The refusal of a key that was used for another request. */
export function otherRequest(): ParleyError {
  return new ParleyError('conflict', 'This Idempotency-Key was used for another request');
}

/**
 * The writes that change what a request keeps, for one that answers in two steps: one, or none without a key. It is
 * refused when another attempt has taken the second step already.
 */
export function keepInstead(
  { scope, key }: OnceOnly,
  { before, after }: { before: unknown; after: unknown },
): readonly Write[] {
  if (!key) return [];
  const update = {
    Key: idempotencyRecord(scope, key.keyHash),
    UpdateExpression: 'SET kept = :after',
    ConditionExpression: 'kept = :before',
    ExpressionAttributeValues: { ':before': JSON.stringify(before), ':after': JSON.stringify(after) },
  };
  return [{ Update: update }];
}
