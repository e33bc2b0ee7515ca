import type { HeadChanges } from './advance-head.ts';
import type { Item } from './transact.ts';

/** Where that part of a thread begins which models are sent. */
export interface HistoryStart {
  /** The first message's, or null where it is all of the thread. */
  readonly id: string | null;
  /** What stands before it, in estimated tokens. */
  readonly tokensBefore: number;
}

/** Where it begins, as the head keeps it. */
export function startIn({ historyFrom, historyTokensBefore }: Item): HistoryStart {
  // As startKept wrote it.
  return {
    id: (historyFrom as string | undefined) ?? null,
    tokensBefore: Number(historyTokensBefore ?? 0),
  };
}

/** Has a head keep where it begins. It only ever moves on. */
export function startKept(start: HistoryStart | null): HeadChanges {
  if (start === null) return { sets: [] };
  return {
    sets: ['historyFrom = :historyFrom', 'historyTokensBefore = :historyTokensBefore'],
    values: { ':historyFrom': start.id, ':historyTokensBefore': start.tokensBefore },
  };
}
