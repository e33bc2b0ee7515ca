import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import type { IdempotencyKey, IdempotentRequest } from '../domain/idempotency.ts';
import { IDEMPOTENCY_SECONDS } from '../domain/limits.ts';
import type { Tenancy } from '../domain/principal.ts';
import { idempotencyRecord } from './keys.ts';
import { storedItem } from './stored-item.ts';
import {
  type Conflict,
  type Failed,
  type Item,
  type Outcome,
  transact,
  transactOnce,
  type Write,
  type Writes,
} from './transact.ts';

/**
 * A write that is made, now or by the first request with this key. `result` is what an answer cannot be made without:
 * from it both requests make the same answer.
 */
export interface Written<Result> {
  readonly result: Result;
  /** Whether it was made before. */
  readonly replayed: boolean;
}

/** What became of a write with conditions of its own. `mismatched`: the key was used for another request. */
export type Tried<Result, Name extends string> =
  | ({ readonly state: 'written' } & Written<Result>)
  | { readonly state: 'refused'; readonly failed: Failed<Name> }
  | { readonly state: 'mismatched'; readonly failed: Failed<Name> };

interface IdempotentWrite<Result, Name extends string> {
  readonly writes: Writes<Name>;
  /** Ids and whatever else of the answer the request itself does not say; a JSON value, best under 1 KB. */
  readonly result: Result;
}

/**
 * Commits writes that have no conditions and, where the request has an Idempotency-Key, its record in the same
 * transaction.
 *
 * @throws ParleyError conflict when the key was used for another request
 */
export async function writeIdempotently<Result, Name extends string>(
  request: IdempotentRequest,
  write: IdempotentWrite<Result, Name>,
  context: Context,
): Promise<Written<Result>> {
  const tried = await tryIdempotently(request, write, context);
  if (tried.state === 'mismatched') throw keyReused();
  if (tried.state === 'refused')
    throw new ParleyError('internal_error', 'A write without a condition was refused');
  return tried;
}

/**
 * The same for writes with conditions. The record is judged before anything else: a replay is not a conflict with what
 * the first request left behind.
 *
 * @param request null where no request asks for the write, so that none can be repeated
 */
export async function tryIdempotently<Result, Name extends string>(
  request: IdempotentRequest | null,
  write: IdempotentWrite<Result, Name>,
  context: Context,
): Promise<Tried<Result, Name>> {
  const recorded = withRecord(request, write, context);
  return judge(request, recorded, await transact(recorded.writes, context));
}

/** The same, but a conflict is the caller's: it may want to write something else then. */
export async function tryIdempotentlyOnce<Result, Name extends string>(
  request: IdempotentRequest | null,
  write: IdempotentWrite<Result, Name>,
  context: Context,
): Promise<Tried<Result, Name> | ({ readonly state: 'conflicted' } & Conflict)> {
  const recorded = withRecord(request, write, context);
  const outcome = await transactOnce(recorded.writes, context);
  return 'conflict' in outcome ? { state: 'conflicted', ...outcome } : judge(request, recorded, outcome);
}

/** Writes with the record of their request, where it has a key. `attempt` tells whose record one is. */
interface Recorded<Result, Name extends string> extends IdempotentWrite<Result, Name | 'record'> {
  readonly attempt: string;
}

function withRecord<Result, Name extends string>(
  request: IdempotentRequest | null,
  { writes, result }: IdempotentWrite<Result, Name>,
  context: Context,
): Recorded<Result, Name> {
  const attempt = context.newId();
  const record = request?.key
    ? putRecord(request.scope, request.key, {
        attempt,
        result,
        nowSeconds: Math.floor(context.now() / 1_000),
      })
    : null;
  return { writes: { record, ...writes }, result, attempt };
}

/** A record that this attempt has written itself, without hearing so, is no replay: its answer is the first. */
function judge<Result, Name extends string>(
  request: IdempotentRequest | null,
  { result, attempt }: Recorded<Result, Name>,
  outcome: Outcome<Name | 'record'>,
): Tried<Result, Name> {
  if (outcome.committed) return { state: 'written', result, replayed: false };
  const failed: Failed<Name | 'record'> = outcome.failed;
  if (!failed.record) return { state: 'refused', failed };
  const { current } = failed.record;
  if (current?.requestHash !== request?.key?.requestHash) return { state: 'mismatched', failed };
  return {
    state: 'written',
    result: resultIn(current ?? {}) as Result,
    replayed: current?.attempt !== attempt,
  };
}

/** TTL deletes late: a record that has expired is replaced. */
function putRecord(
  scope: Tenancy,
  { keyHash, requestHash }: IdempotencyKey,
  { attempt, result, nowSeconds }: { attempt: string; result: unknown; nowSeconds: number },
): Write {
  return {
    Put: {
      Item: storedItem(idempotencyRecord(scope, keyHash), {
        requestHash,
        attempt,
        kept: JSON.stringify(result),
        expires_at: nowSeconds + IDEMPOTENCY_SECONDS,
      }),
      ConditionExpression: 'attribute_not_exists(pk) OR expires_at < :now',
      ExpressionAttributeValues: { ':now': nowSeconds },
    },
  };
}

function resultIn(record: Item): unknown {
  return JSON.parse(String(record.kept));
}

/**
 * Records a request that may be carried out any number of times, so that its key is not used for another.
 *
 * @returns whether it was recorded before
 * @throws ParleyError conflict when the key was used for another request
 */
export async function recordRequest(request: IdempotentRequest, context: Context): Promise<boolean> {
  return (
    request.key !== null && (await writeIdempotently(request, { writes: {}, result: null }, context)).replayed
  );
}

/** The refusal of a key that was used for another request. */
export function keyReused(): ParleyError {
  return new ParleyError('conflict', 'This Idempotency-Key was used for another request');
}

/**
 * Changes the result of a request that answers in two steps; null without a key. It is refused when another attempt has
 * taken the second step already.
 */
export function replaceRecord(
  { scope, key }: IdempotentRequest,
  { before, after }: { before: unknown; after: unknown },
): Write | null {
  return (
    key && {
      Update: {
        Key: idempotencyRecord(scope, key.keyHash),
        UpdateExpression: 'SET kept = :after',
        ConditionExpression: 'kept = :before',
        ExpressionAttributeValues: { ':before': JSON.stringify(before), ':after': JSON.stringify(after) },
      },
    }
  );
}
