import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Context } from '../domain/context.ts';
import { table } from './client.ts';
import type { Key } from './keys.ts';
import { send } from './send.ts';
import { SET_VERSION, VERSION_VALUE } from './stored-item.ts';
import { countIn, keptBy, type Share, shareAttribute, shareIn, takenBy } from './token-shares.ts';
import type { Item } from './transact.ts';

/**
 * A budget is one item: `used` tokens, `taken` ones (used or held for what runs), and a share for each answer that runs.
 * It is written by single updates, never in a transaction: all answers of a tenant meet at it, and single updates wait
 * for each other where transactions are cancelled. An update that is made twice, because its answer was lost, does
 * nothing the second time: its condition names the share as it was before.
 */
export interface Move {
  readonly id: string;
  /** The share as it is now; null where there is none. */
  readonly from: Share | null;
  /** The share as it is to be, or the tokens that its answer has used in all: then it has none any more. */
  readonly to: Share | number;
  /** More than this is not taken; null for any number. */
  readonly limit: number | null;
  /** When the item is past, in seconds since 1970, for a move that may make it. */
  readonly expiresAt?: number;
}

/** Whether the share is now as it was to be, and the budget with all its shares, after that or as it refused it. */
export interface Moved {
  readonly isMoved: boolean;
  /** It was so before: by the same move, whose answer was lost, or where a share is gone perhaps by somebody else's. */
  readonly wasMoved: boolean;
  readonly budget: Item;
}

/** Each share is about 75 bytes, and every write of the item costs a unit for each KB of it. DynamoDB's items end at 400 KB. */
const MOST_SHARES = 2_000;

/** Changes a share, and what is taken and used by it. @throws as send */
export async function moveShare({ pk, sk }: Key, move: Move, context: Context): Promise<Moved> {
  const command = new UpdateCommand({
    TableName: table().name,
    Key: { pk, sk },
    ...updateOf(move),
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    const { Attributes = {} } = await send(command, { context });
    return { isMoved: true, wasMoved: false, budget: Attributes };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return refused(move, error);
    throw error;
  }
}

function updateOf({ id, from, to, limit, expiresAt }: Move): Partial<UpdateCommandInput> {
  const takenTokens = keptBy(to) - takenBy(from);
  const isMade = expiresAt !== undefined;
  const sets = [
    ...(typeof to === 'number' ? [] : ['#share = :to']),
    ...(isMade ? ['expires_at = :expiresAt', SET_VERSION] : []),
  ];
  const runs = Number(typeof to !== 'number') - Number(from !== null);
  const conditions = [
    from ? '#share = :from' : 'attribute_not_exists(#share)',
    ...(runs > 0 ? ['(attribute_not_exists(running) OR running < :most)'] : []),
    ...(limit !== null && takenTokens > 0 ? [atMost(limit - takenTokens)] : []),
  ];
  return {
    UpdateExpression: [
      sets.length > 0 ? `SET ${sets.join(', ')}` : '',
      typeof to === 'number' ? 'REMOVE #share' : '',
      'ADD taken :taken, used :used, running :runs',
    ].join(' '),
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: { '#share': shareAttribute(id) },
    ExpressionAttributeValues: {
      ':taken': takenTokens,
      ':used': countIn(to) - countIn(from),
      ':runs': runs,
      ...(from && { ':from': from }),
      ...(typeof to !== 'number' && { ':to': to }),
      ...(runs > 0 && { ':most': MOST_SHARES }),
      ...(limit !== null && takenTokens > 0 && { ':atMost': limit - takenTokens }),
      ...(isMade && { ':expiresAt': expiresAt, ...VERSION_VALUE }),
    },
  };
}

/** Nothing has been taken where there is no item yet. */
function atMost(tokens: number): string {
  return tokens < 0 ? 'taken <= :atMost' : '(attribute_not_exists(taken) OR taken <= :atMost)';
}

/** A move that finds its own outcome was made before. */
function refused({ id, from, to }: Move, { Item: old }: ConditionalCheckFailedException): Moved {
  const budget = old ? unmarshall(old) : {};
  const found = shareIn(budget, id);
  const isMoved = typeof to === 'number' ? from !== null && found === null : isSame(found, to);
  return { isMoved, wasMoved: isMoved, budget };
}

function isSame(found: Share | null, wanted: Share): boolean {
  return (
    found !== null &&
    (['sent', 'said', 'held', 'counted'] as const).every((name) => found[name] === wanted[name])
  );
}
