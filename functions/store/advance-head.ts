import type { Message } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { messageTokens } from '../domain/tokens.ts';
import * as keys from './keys.ts';
import type { Item, Write } from './transact.ts';

/** What a message changes in a head, in DynamoDB's update expressions; `:id` is the message's. */
export interface HeadChanges {
  readonly sets: readonly string[];
  readonly remove?: readonly string[];
  readonly values?: Item;
}

/** What several things change in one head. */
export function allChanges(changes: readonly HeadChanges[]): HeadChanges {
  return {
    sets: changes.flatMap(({ sets }) => sets),
    remove: changes.flatMap(({ remove = [] }) => remove),
    values: Object.assign({}, ...changes.map(({ values }) => values)) as Item,
  };
}

/** Puts a thread into the second list, too, by its last message. */
export const LAST_IN_SECOND_LIST = 'gsi2sk = :id';

/** Moves a thread's head to a new message, which must come after the last. Written together with the message. */
export function advanceHead(
  thread: ThreadRef,
  message: Message,
  { sets, remove = [], values }: HeadChanges,
): Write {
  return {
    Update: {
      Key: keys.head(thread),
      UpdateExpression: [
        `SET ${['gsi1sk = :id', ...sets].join(', ')}`,
        'ADD messageCount :one, tokens :tokens',
        ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : []),
      ].join(' '),
      ConditionExpression: 'attribute_exists(pk) AND gsi1sk < :id',
      ExpressionAttributeValues: {
        ':id': message.id,
        ':one': 1,
        ':tokens': messageTokens(message),
        ...values,
      },
    },
  };
}

/** The same, refused where another message than this one is the last. */
export function onlyAfter({ Update }: Write, lastId: string): Write {
  return {
    Update: {
      ...Update,
      ConditionExpression: 'gsi1sk = :last',
      ExpressionAttributeValues: { ...Update?.ExpressionAttributeValues, ':last': lastId },
    } as NonNullable<Write['Update']>, // as advanceHead made it
  };
}

/** Has a head show a message that has grown, and count the difference; refused where it is not the last. */
export function growHead(
  thread: ThreadRef,
  { before, after }: { before: Message; after: Message },
  { sets, values }: HeadChanges,
): Write {
  return {
    Update: {
      Key: keys.head(thread),
      UpdateExpression: `${sets.length > 0 ? `SET ${sets.join(', ')} ` : ''}ADD tokens :tokens`,
      ConditionExpression: 'gsi1sk = :id',
      ExpressionAttributeValues: {
        ':id': before.id,
        ':tokens': messageTokens(after) - messageTokens(before),
        ...values,
      },
    },
  };
}

/** Changes a head without a message. Refused where there is no such thread. */
export function changeHead(thread: ThreadRef, changes: HeadChanges): Write {
  const { sets, remove = [], values } = changes;
  return {
    Update: {
      Key: keys.head(thread),
      UpdateExpression: [
        ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
        ...(remove.length > 0 ? [`REMOVE ${remove.join(', ')}`] : []),
      ].join(' '),
      ConditionExpression: 'attribute_exists(pk)',
      ...(values && Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    },
  };
}
