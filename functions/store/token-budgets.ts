import type { Key } from './keys.ts';
import { SET_VERSION, VERSION_VALUE } from './stored-item.ts';
import type { Item, Write } from './transact.ts';

/** Tokens that a running turn may use, taken from a budget: which, and how many. */
export interface Reservation extends Key {
  readonly tokens: number;
  /** Seconds since 1970: when the budget is past, and so is every turn that used it. */
  readonly expiresAt: number;
}

/** A budget: what was used, and what is taken, which is that and the reservations. */
export interface Spent {
  readonly usedTokens: number;
  readonly takenTokens: number;
}

/** Takes tokens; refused where more than `budget` of them would be taken. */
export function reserve({ pk, sk, tokens, expiresAt }: Reservation, budget: number): Write {
  const atMost = budget - tokens;
  return {
    Update: {
      Key: { pk, sk },
      UpdateExpression: `SET expires_at = :expiresAt, ${SET_VERSION} ADD taken :tokens`,
      ConditionExpression:
        atMost < 0 ? 'taken <= :atMost' : 'attribute_not_exists(taken) OR taken <= :atMost',
      ExpressionAttributeValues: {
        ':expiresAt': expiresAt,
        ':tokens': tokens,
        ':atMost': atMost,
        ...VERSION_VALUE,
      },
    },
  };
}

/** Gives a reservation back and counts what was used instead, be it less or more. */
export function settleReservation({ pk, sk, tokens, expiresAt }: Reservation, usedTokens: number): Write {
  return {
    Update: {
      Key: { pk, sk },
      UpdateExpression: `SET expires_at = :expiresAt, ${SET_VERSION} ADD taken :difference, used :used`,
      ExpressionAttributeValues: {
        ':expiresAt': expiresAt,
        ':difference': usedTokens - tokens,
        ':used': usedTokens,
        ...VERSION_VALUE,
      },
    },
  };
}

/** The budget that refused a reservation. */
export function spentIn(current: Item | undefined): Spent {
  return { usedTokens: Number(current?.used ?? 0), takenTokens: Number(current?.taken ?? 0) };
}
