import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from '../domain/context.ts';
import { PAGE_ITEMS, STORE_WITHIN_MS } from '../domain/limits.ts';
import type { Message } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { readPage, type ThreadPage } from '../store/message-pages.ts';

const POLL_MS = 1_000;
const LONGEST_POLL_MS = 3_000;
/** By how much each look that finds nothing puts off the next: after half a minute of silence it is every 3 seconds. */
const SLOWER_MS = 100;

/**
 * The messages of a thread after one (its id, or the thread's), as they come, oldest first and each once, until the
 * function's time ends: whoever follows comes back with the last one's id.
 */
export async function* followMessages(
  thread: ThreadRef,
  { after, context }: { after: string; context: Context },
): AsyncGenerator<readonly Message[]> {
  let last = after;
  for (let pauseMs = 0; context.remainingMs() > STORE_WITHIN_MS + pauseMs; ) {
    await wait(pauseMs);
    const page = await readPage(thread, { order: 'asc', after: last, limit: PAGE_ITEMS.maximum });
    if (!page) return;
    last = page.messages.at(-1)?.id ?? last;
    if (page.messages.length > 0) yield page.messages;
    pauseMs = nextPause(page, pauseMs);
  }
}

function nextPause({ messages, hasMore }: ThreadPage, pauseMs: number): number {
  if (hasMore) return 0;
  if (messages.length > 0) return POLL_MS;
  return Math.min(Math.max(POLL_MS, pauseMs + SLOWER_MS), LONGEST_POLL_MS);
}
