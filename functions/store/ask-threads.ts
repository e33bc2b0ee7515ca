import type { Context } from '../domain/context.ts';
import type { Message } from '../domain/message.ts';
import type { AskThread } from '../domain/threads.ts';
import * as keys from './keys.ts';
import { putMessage } from './messages.ts';
import { type OnceOnly, type Written, writeOnce } from './once.ts';
import type { Item } from './transact.ts';

/** Stores a new ask thread with its first message. */
export function createAskThread(
  thread: AskThread,
  first: Message,
  { once, context }: { once: OnceOnly; context: Context },
): Promise<Written<{ id: string; messageId: string }>> {
  const { lastMessageId, ...attributes } = thread;
  const threadPk = keys.askThread(thread.brandId, thread.id);
  const head = {
    ...keys.head(threadPk),
    gsi1pk: keys.askThreadsOf(thread.brandId, thread.memberUserId),
    gsi1sk: lastMessageId,
    ...attributes,
  };
  const kept = { id: thread.id, messageId: first.id };
  return writeOnce(once, { writes: [{ Put: { Item: head } }, putMessage(threadPk, first)], kept }, context);
}

/** The head as createAskThread wrote it. */
export function toAskThread(head: Item): AskThread {
  return {
    id: head.id as string,
    brandId: head.brandId as string,
    memberUserId: head.memberUserId as string,
    memberName: head.memberName as string,
    memberAvatarUrl: head.memberAvatarUrl as string | null,
    preview: head.preview as string,
    triageStatus: head.triageStatus as string,
    assignedToUserId: head.assignedToUserId as string | null,
    coachName: head.coachName as string | null,
    coachAvatarUrl: head.coachAvatarUrl as string | null,
    lastMessageId: head.gsi1sk as string,
    messageCount: head.messageCount as number,
  };
}
