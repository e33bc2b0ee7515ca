import type { Message } from '../domain/message.ts';
import { previewOf } from '../domain/preview.ts';
import { messageTokens } from '../domain/tokens.ts';
import * as keys from './keys.ts';
import type { Item, Write } from './transact.ts';

/** What a message changes in the head of its kind of thread, beside the place and the count. */
interface Move {
  readonly set: string;
  readonly remove?: string;
  readonly values?: Item;
}

const MOVES: Readonly<Record<keys.ThreadKind, (message: Message) => Move | null>> = {
  ASK: moveAsk,
  CONVERSATION: () => null,
  // In the second list too, they stand by their last message.
  ASSISTANT: () => ({ set: 'gsi2sk = :id' }),
  AGENT: () => ({ set: 'gsi2sk = :id' }),
};

/** Moves a thread's head to a new message, which must come after the last. Written together with the message. */
export function advanceHead(threadPk: string, message: Message): Write {
  const { set, remove, values } = MOVES[keys.kindOf(threadPk)](message) ?? {};
  return {
    Update: {
      Key: keys.head(threadPk),
      UpdateExpression: [
        `SET ${['gsi1sk = :id', set].filter(Boolean).join(', ')}`,
        'ADD messageCount :one, tokens :tokens',
        ...(remove ? [`REMOVE ${remove}`] : []),
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

/**
 * A member waits from the first message that staff have not answered: the sort key of the second index, which lists
 * only threads that are assigned, because only these have its partition key.
 */
function moveAsk({ role, text }: Message): Move {
  const values = { ':preview': previewOf(text) };
  return role === 'member'
    ? { set: 'preview = :preview, gsi2sk = if_not_exists(gsi2sk, :id)', values }
    : { set: 'preview = :preview', remove: 'gsi2sk', values };
}
