import type { Message } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { advanceHead, allChanges, type HeadChanges } from '../store/advance-head.ts';
import { putMessagePointer } from '../store/message-pointers.ts';
import { putMessage } from '../store/messages.ts';
import type { Write, Writes } from '../store/transact.ts';
import { kindOf } from './kinds.ts';

/** The pointer is null where messages of the thread's kind are not found by their ids alone. */
interface MessageWrites extends Writes<'head' | 'message' | 'pointer'> {
  readonly head: Write;
  readonly message: Write;
}

/**
 * The writes that add a message to a thread, to be made in one transaction. `head` is refused where the message does not
 * come after the thread's last, or there is no thread.
 *
 * @param changes what else is to change in the head
 */
export function messageWrites(
  thread: ThreadRef,
  message: Message,
  changes: HeadChanges = { sets: [] },
): MessageWrites {
  const { headChanges, messagePointer } = kindOf(thread);
  const { role, answersId } = message;
  const place = { threadId: thread.id, role, ...(answersId !== undefined && { answersId }) };
  return {
    head: advanceHead(thread, message, allChanges([headChanges(message), changes])),
    message: putMessage(thread, message),
    pointer: messagePointer && putMessagePointer(messagePointer(message.id), place),
  };
}
