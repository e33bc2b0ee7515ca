import type { Context } from '../domain/context.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import { firstIdAt, timeOf } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { askRef } from '../domain/thread-ref.ts';
import type { AskThread } from '../domain/threads.ts';
import { attributesOf, type Lists, putHead } from './heads.ts';
import { type Written, writeIdempotently } from './idempotency.ts';
import * as keys from './keys.ts';
import { putMessage } from './messages.ts';
import { listThreads } from './thread-lists.ts';
import type { Item } from './transact.ts';

interface Page {
  readonly limit: number;
  readonly after: string | null;
}

/** Stores a new ask thread with its first message, from which on its member waits. */
export function createAskThread(
  { thread, first, lists }: { thread: AskThread; first: Message; lists: Lists },
  { idempotency, context }: { idempotency: IdempotentRequest; context: Context },
): Promise<Written<{ id: string; messageId: string }>> {
  const { brandId, ...stored } = thread; // the keys say the brand often enough for a head that stays under 1 KB
  const { id } = stored;
  const ref = askRef({ brandId }, id);
  const head = putHead(ref, lists, stored);
  const result = { id, messageId: first.id };
  return writeIdempotently(
    idempotency,
    { writes: { head, message: putMessage(ref, first) }, result },
    context,
  );
}

/** The thread of a brand's head, which createAskThread wrote. */
export function toAskThread(head: Item, brandId: string): AskThread {
  return { ...attributesOf(head), brandId } as unknown as AskThread;
}

/** What a list shows of an ask thread. */
export type AskThreadSummary = Omit<AskThread, 'memberUserId' | 'memberName' | 'memberAvatarUrl'>;

/** A page of a member's ask threads, newest activity first, from an index that may lag a second. */
export async function listAskThreads(
  { brandId, memberUserId }: Pick<AskThread, 'brandId' | 'memberUserId'>,
  page: Page,
): Promise<{ threads: AskThreadSummary[]; next: string | null }> {
  const partitions = [keys.askThreadsOf(brandId, memberUserId)];
  const { heads, next } = await listThreads({ index: 'gsi1', partitions }, page);
  return { threads: heads.map((head) => toAskThread(head, brandId)), next };
}

/** An assigned thread whose member waits for staff, since `waitingSinceMs` (milliseconds since 1970). */
export type WaitingThread = Pick<
  AskThread,
  'id' | 'brandId' | 'memberUserId' | 'memberName' | 'coachName' | 'lastMessageId'
> & { readonly assignedToUserId: string; readonly waitingSinceMs: number };

/** A page of a brand's assigned threads whose member waits since before an instant, longest first. */
export async function listWaitingThreads(
  { brandId, beforeMs }: { brandId: string; beforeMs: number },
  page: Page,
): Promise<{ threads: WaitingThread[]; next: string | null }> {
  const waiting = {
    index: 'gsi2',
    partitions: keys.askThreadsWaiting(brandId),
    upTo: firstIdAt(beforeMs),
    order: 'asc',
  } as const;
  const { heads, next } = await listThreads(waiting, page);
  return { threads: heads.map((head) => toWaiting(head, brandId)), next };
}

/** Only an assigned thread has the keys of this index. */
function toWaiting(head: Item, brandId: string): WaitingThread {
  const waitingSinceMs = timeOf(String(head.gsi2sk));
  return { ...attributesOf(head), brandId, waitingSinceMs } as unknown as WaitingThread;
}
