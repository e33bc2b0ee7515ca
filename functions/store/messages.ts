import type { Message } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import * as keys from './keys.ts';
import { storedItem } from './stored-item.ts';
import { toStored } from './stored-json.ts';
import type { Write } from './transact.ts';

/** Puts a message at its place. Whoever writes it also moves the head to its id, in the same transaction. */
export function putMessage(thread: ThreadRef, message: Message): Write {
  return {
    Put: {
      Item: storedItem(keys.message(thread, message.id), {
        id: message.id,
        role: message.role,
        text: message.text,
        html: message.html,
        author: message.author ?? undefined,
        toolCalls: message.toolCalls ? JSON.stringify(message.toolCalls) : undefined,
        usage: message.usage ?? undefined,
        metadata: toStored(message.metadata),
        answersId: message.answersId,
      }),
    },
  };
}

/** Has a message say more than before; refused where it is not as it was. The head stays at it, and counts the difference. */
export function growMessage(thread: ThreadRef, before: Message, after: Message): Write {
  return {
    Put: {
      ...putMessage(thread, after).Put,
      ConditionExpression: 'metadata = :before', // it says that the answer is not whole
      ExpressionAttributeValues: { ':before': toStored(before.metadata) },
    } as NonNullable<Write['Put']>, // as putMessage made it
  };
}
