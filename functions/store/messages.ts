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
