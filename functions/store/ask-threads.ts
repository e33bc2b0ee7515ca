import type { Context } from '../domain/context.ts';
import type { Message } from '../domain/message.ts';
import type { AskThread } from '../domain/threads.ts';
import { attributesOf, putHead } from './heads.ts';
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
  const threadPk = keys.askThread(thread.brandId, thread.id);
  const head = putHead(threadPk, keys.askThreadsOf(thread.brandId, thread.memberUserId), thread);
  const kept = { id: thread.id, messageId: first.id };
  return writeOnce(once, { writes: [head, putMessage(threadPk, first)], kept }, context);
}

/** The thread of a head, which createAskThread wrote. */
export function toAskThread(head: Item): AskThread {
  return attributesOf(head) as unknown as AskThread;
}
