import type { Message } from '../domain/message.ts';
import { opened, tokensOf } from '../domain/opening.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { messageTokens } from '../domain/tokens.ts';
import { tokensIn } from './heads.ts';
import { type HistoryStart, startIn } from './history-start.ts';
import * as keys from './keys.ts';
import { toMessage } from './message-pages.ts';
import { queryOnce } from './query.ts';
import type { Item } from './transact.ts';

/** What of a thread a model is sent. */
export interface History {
  /** Oldest first: system messages that open the thread, and all from a user's message on up to the last. */
  readonly messages: readonly Message[];
  /** Where it begins, if the head does not say so yet: whoever stores the answer has the head keep it. */
  readonly newStart: HistoryStart | null;
  /** Whether it is all of the thread. */
  readonly isWhole: boolean;
}

/** Up to which message, and how much. */
interface Wanted {
  /** The thread's: where its history begins, and about how much there is. */
  readonly head: Item;
  /** The last stored message that is to be sent. */
  readonly lastId: string;
  /** What comes next, and is being stored. */
  readonly next?: Message;
  /** The most of it, in estimated tokens; the last turn is kept even where it alone is over that. */
  readonly budget: number;
}

/**
 * The end of a thread as far as it fits into a budget, read newest first and no further: a question costs the same in any
 * thread that is longer. Where it does not fit any more, half of the budget is kept, and the head keeps where that begins:
 * the beginning moves seldom, and the model's cache is hit meanwhile.
 */
export async function readHistory(thread: ThreadRef, wanted: Wanted): Promise<History> {
  const { head, budget, next } = wanted;
  const { id: from, tokensBefore } = startIn(head);
  const allTokens = tokensIn(head) + (next ? messageTokens(next) : 0);
  const isTooLong = allTokens - tokensBefore > budget;
  const most = isTooLong ? budget / 2 : budget;
  const [tail, opening] = await Promise.all([
    readTail(thread, { ...wanted, from, most, isTooLong }),
    from === null && !isTooLong ? [] : readOpening(thread, budget),
  ]);
  const isWhole = tail.reachesStart && from === null;
  const tokens = tokensOf(tail.messages) + (isWhole ? 0 : tokensOf(opening));
  if (tail.reachesStart && tokens <= most) {
    const messages = isWhole ? tail.messages : [...opening, ...tail.messages];
    return { messages, newStart: null, isWhole };
  }
  const openingThen = isWhole ? opened(systemBeforeUser(tail.messages), budget) : opening;
  const kept = lastTurns(tail.messages, (budget - tokensOf(openingThen)) / 2);
  const newStart = {
    id: kept[0]?.id ?? from,
    tokensBefore: Math.max(0, allTokens - tokensOf(kept)),
  };
  return { messages: [...openingThen, ...kept], newStart, isWhole: false };
}

interface Tail {
  readonly messages: readonly Message[];
  /** Whether they go back to where the history began, or the thread. */
  readonly reachesStart: boolean;
}

/** Somewhat more than the estimate: one query is to be enough where messages are about alike. */
const MORE = 1.1;
const FEW = 2;

/** Messages from the last one back, until they are more than so many tokens. */
async function readTail(
  thread: ThreadRef,
  {
    head,
    lastId,
    next: coming,
    from,
    most,
    isTooLong,
  }: Wanted & { from: string | null; most: number; isTooLong: boolean },
): Promise<Tail> {
  const range = keys.messagesBetween(thread, from, lastId);
  const tokensEach = Math.max(1, tokensIn(head) / Math.max(1, Number(head.messageCount)));
  const limit = isTooLong ? Math.ceil((MORE * most) / tokensEach) + FEW : Number.MAX_SAFE_INTEGER;
  const newestFirst: Message[] = coming ? [coming] : [];
  let tokens = tokensOf(newestFirst);
  let next: Item | undefined;
  do {
    const page = await queryOnce({ pk: keys.threadPk(thread), range }, { order: 'desc', start: next, limit });
    for (const item of page.items) {
      const message = toMessage(item);
      newestFirst.push(message);
      tokens += messageTokens(message);
      if (tokens > most) return { messages: newestFirst.toReversed(), reachesStart: false };
    }
    ({ next } = page);
  } while (next);
  return { messages: newestFirst.toReversed(), reachesStart: true };
}

/** Threads mostly open with one system message, or none, and a message may be large. */
const OPENING = 1;

/** The system messages that open a thread, as far as they fit; one that opens with very many has the first of them. */
async function readOpening(thread: ThreadRef, budget: number): Promise<readonly Message[]> {
  const partition = { pk: keys.threadPk(thread), range: keys.MESSAGES };
  const messages: Message[] = [];
  let next: Item | undefined;
  do {
    const page = await queryOnce(partition, { order: 'asc', start: next, limit: OPENING });
    messages.push(...page.items.map(toMessage));
    ({ next } = page);
  } while (next && messages.at(-1)?.role !== 'user' && tokensOf(messages) <= budget);
  return opened(systemBeforeUser(messages), budget);
}

/** The system messages before the first user's. */
function systemBeforeUser(messages: readonly Message[]): readonly Message[] {
  const first = messages.findIndex(({ role }) => role === 'user');
  return messages.slice(0, first === -1 ? messages.length : first).filter(({ role }) => role === 'system');
}

/** The last messages that fit, from a user's on; the last user's with what follows in any case. */
function lastTurns(messages: readonly Message[], room: number): readonly Message[] {
  let tokens = 0;
  let start = messages.length;
  for (const [index, message] of [...messages.entries()].toReversed()) {
    tokens += messageTokens(message);
    const isFirstTurn = start === messages.length;
    if (tokens > room && !isFirstTurn) break;
    if (message.role === 'user') start = index;
  }
  return messages.slice(start);
}
