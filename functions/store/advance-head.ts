import type { Message } from '../domain/message.ts';
import { previewOf, titleFrom } from '../domain/first-words.ts';
import { messageTokens } from '../domain/tokens.ts';
import * as keys from './keys.ts';
import type { Item, Write } from './transact.ts';

/** What a message changes in the head of its kind of thread, beside the place and the count. */
interface Move {
  readonly sets: readonly string[];
  readonly remove?: string;
  readonly values?: Item;
}

/** In the second list too, a thread stands by its last message. */
const SECOND_LIST = 'gsi2sk = :id';

const MOVES: Readonly<Record<keys.ThreadKind, (message: Message) => Move>> = {
  ASK: moveAsk,
  CONVERSATION: entitle,
  ASSISTANT: () => ({ sets: [SECOND_LIST] }),
  AGENT: (message) => {
    const { sets, values } = entitle(message);
    return { sets: [SECOND_LIST, ...sets], values };
  },
};

/** Moves a thread's head to a new message, which must come after the last. Written together with the message. */
export function advanceHead(threadPk: string, message: Message): Write {
  const { sets, remove, values } = MOVES[keys.kindOf(threadPk)](message);
  return {
    Update: {
      Key: keys.head(threadPk),
      UpdateExpression: [
        `SET ${['gsi1sk = :id', ...sets].join(', ')}`,
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

/** The first question's first words are what a thread is called until there is a better title. */
function entitle({ role, text }: Message): { sets: readonly string[]; values: Item } {
  const words = role === 'user' ? titleFrom(text) : '';
  return words === ''
    ? { sets: [], values: {} }
    : { sets: ['firstWords = if_not_exists(firstWords, :words)'], values: { ':words': words } };
}

/**
 * A member waits from the first message that staff have not answered: the sort key of the second index, which lists
 * only threads that are assigned, because only these have its partition key.
 */
function moveAsk({ role, text }: Message): Move {
  const values = { ':preview': previewOf(text) };
  return role === 'member'
    ? { sets: ['preview = :preview', 'gsi2sk = if_not_exists(gsi2sk, :id)'], values }
    : { sets: ['preview = :preview'], remove: 'gsi2sk', values };
}
