import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import { IDEMPOTENCY_SECONDS } from '../domain/limits.ts';
import type { Tenancy } from '../domain/principal.ts';
import { table } from './client.ts';
import { idempotencyRecord } from './keys.ts';
import { type Item, type Refusal, transact, type Write } from './transact.ts';

/** A request that carries an Idempotency-Key: whose it is, and the hashes of key and request. */
export interface OnceOnly {
  readonly scope: Tenancy;
  readonly key: { readonly keyHash: string; readonly requestHash: string } | null;
}

/** What became of a write that may have been made before. `kept` is what the first answer cannot be made again without. */
export type Written<Kept> =
  | { readonly state: 'written' }
  | { readonly state: 'replayed'; readonly kept: Kept }
  | { readonly state: 'refused'; readonly refusals: readonly (Refusal | undefined)[] };

/**
 * Commits the writes and, where the request has an Idempotency-Key, its record in the same transaction. The record is
 * judged before anything else: a replay is no conflict with what the first request left behind.
 *
 * @param kept ids and whatever else of the answer the request itself does not say; a JSON value, best under 1 KB
 * @throws ParleyError conflict when the key was used for another request
 */
export async function writeOnce<Kept>(
  once: OnceOnly,
  write: { writes: readonly Write[]; kept: Kept },
  context: Context,
): Promise<Written<Kept>> {
  const written = await tryWriteOnce(once, write, context);
  if (written.state === 'mismatched') throw otherRequest();
  return written;
}

/** The same, for a write whose other refusals come before the conflict. */
export async function tryWriteOnce<Kept>(
  { scope, key }: OnceOnly,
  { writes, kept }: { writes: readonly Write[]; kept: Kept },
  context: Context,
): Promise<Written<Kept> | { state: 'mismatched'; refusals: readonly (Refusal | undefined)[] }> {
  if (!key) {
    const outcome = await transact(writes, context);
    return outcome.committed ? { state: 'written' } : { state: 'refused', refusals: outcome.refusals };
  }
  const nowSeconds = Math.floor(context.now() / 1_000);
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
  if (outcome.committed) return { state: 'written' };
  const [recorded, ...refusals] = outcome.refusals;
  if (!recorded) return { state: 'refused', refusals };
  if (recorded.current?.requestHash !== key.requestHash) return { state: 'mismatched', refusals };
  return { state: 'replayed', kept: keptBy(recorded.current) as Kept };
}

/** What this very request has kept by now, or null: for one that answers in two steps. */
export async function findKept<Kept>({ scope, key }: OnceOnly, context: Context): Promise<Kept | null> {
  if (!key) return null;
  const Key = idempotencyRecord(scope, key.keyHash);
  const { Item } = await table().client.send(
    new GetCommand({ TableName: table().name, Key, ConsistentRead: true }),
  );
  if (!Item || Number(Item.expires_at) < Math.floor(context.now() / 1_000)) return null;
  return keptBy(Item) as Kept;
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
