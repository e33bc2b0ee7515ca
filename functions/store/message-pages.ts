import type { Author, Message, Role } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { getItem } from './get-item.ts';
import { readHead } from './heads.ts';
import * as keys from './keys.ts';
import { collect, type Order } from './query.ts';
import { callsFromStored, fromStored } from './stored-json.ts';
import { usageIn } from './stored-usage.ts';
import type { Item } from './transact.ts';

/** A page of messages, read with the head of their thread. `hasMore`: there are others beyond the last of these. */
export interface ThreadPage {
  readonly head: Item;
  readonly messages: readonly Message[];
  readonly hasMore: boolean;
}

/** Which messages: beyond `after` in this order (exclusive), or from that order's start. */
export interface PageRequest {
  readonly order: Order;
  readonly after: string | null;
  readonly limit: number;
}

/**
 * A page of a thread, consistent. The newest come with the head in one query, because the head's sort key follows the
 * messages'. A page ends early at 3 MB.
 *
 * A query is not a snapshot: while it goes up, two messages may be written behind and before it, and it would pass over
 * the first. So one that goes up ends at the last message of a head that was read before. Going down it sees both.
 *
 * @returns null when there is no such thread
 */
export async function readPage(
  thread: ThreadRef,
  { order, after, limit }: PageRequest,
): Promise<ThreadPage | null> {
  if (order === 'desc' && after === null) {
    const newest = { order, start: undefined, limit: limit + 1 };
    const { items, hasMore } = await collect(
      { pk: keys.threadPk(thread), range: keys.MESSAGES_AND_HEAD },
      newest,
    );
    const [head] = items;
    if (!head || !keys.isHead(head)) return null;
    return { head, messages: items.filter(keys.isMessage).map(toMessage), hasMore };
  }
  const start = after === null ? undefined : keys.message(thread, after);
  const beyond = (range: keys.SortKeyRange) =>
    collect({ pk: keys.threadPk(thread), range }, { order, start, limit });
  if (order === 'asc') {
    const head = await readHead(thread);
    if (!head) return null;
    const last = String(head.gsi1sk);
    if (after !== null && after >= last) return { head, messages: [], hasMore: false }; // no query starts at its end
    const page = await beyond(keys.messagesUpTo(thread, last));
    return { head, messages: page.items.map(toMessage), hasMore: page.hasMore };
  }
  const [head, page] = await Promise.all([readHead(thread), beyond(keys.MESSAGES)]);
  return head && { head, messages: page.items.map(toMessage), hasMore: page.hasMore };
}

/** One message of a thread, consistent, or null. */
export async function readMessage(thread: ThreadRef, id: string): Promise<Message | null> {
  const item = await getItem(keys.message(thread, id));
  return item && toMessage(item);
}

/** The item as putMessage wrote it; nothing else writes messages. */
export function toMessage(item: Item): Message {
  return {
    id: item.id as string,
    role: item.role as Role,
    text: item.text as string,
    ...(item.html !== undefined && { html: item.html as string }),
    author: (item.author as Author | undefined) ?? null,
    toolCalls: item.toolCalls ? callsFromStored(item.toolCalls as string) : null,
    usage: usageIn(item.usage),
    metadata: fromStored(item.metadata),
    ...(item.answersId !== undefined && { answersId: item.answersId as string }),
  };
}
