import { AsyncLocalStorage } from 'node:async_hooks';
import { delayMs, type Patience, pause, RESERVE_MS, sleep } from './pause.ts';

/** How long a request tries again what the database does not do, in all: longer than DynamoDB's passing failures last. */
export const GIVE_UP_AFTER_MS = 5_000;
/** DynamoDB answers in milliseconds: seconds without an answer are a dead connection, and a retry will do better. */
export const RESPOND_WITHIN_MS = 2_000;
/** An attempt is made however little time is left: it mostly takes some milliseconds. */
const SHORTEST_ATTEMPT_MS = 100;

interface Taker {
  readonly patience: Patience;
  /** What the request at hand has lost to failures so far; null where every call has its own time for them. */
  readonly lost: Lost | null;
  readonly giveUpAfterMs: number;
}

/** Calls that fail at the same time lose the same time. */
interface Lost {
  ms: number;
  untilMs: number;
}

const takers = new AsyncLocalStorage<Taker>();

/** Every call of the database that this makes, and what it calls, takes the time of one request. */
export function inTimeOf<Result>(patience: Patience, run: () => Result): Result {
  return takers.run({ patience, lost: { ms: 0, untilMs: 0 }, giveUpAfterMs: GIVE_UP_AFTER_MS }, run);
}

/** The same for work that goes on for minutes: each call has its own seconds. */
export function inTimeOfEach<Result>(
  patience: Patience,
  run: () => Result,
  giveUpAfterMs = GIVE_UP_AFTER_MS,
): Result {
  return takers.run({ patience, lost: null, giveUpAfterMs }, run);
}

/** The time that one call has for its attempts. */
export interface CallTime {
  readonly patience: Patience | null;
  /** How long the next attempt may take. */
  readonly attemptMs: () => number;
  /** Waits before the next attempt after one that failed. @returns false when no time is left for one */
  readonly pause: (attempt: number) => Promise<boolean>;
}

/** @param context null where none is at hand: then it is the request's, or nobody's, as in a command that somebody runs */
export function callTime(context: Patience | null): CallTime {
  const taker = takers.getStore();
  const patience = context ?? taker?.patience ?? null;
  if (patience === null)
    return { patience, attemptMs: () => RESPOND_WITHIN_MS, pause: (attempt) => pause(attempt, null) };
  const giveUpAfterMs = taker?.giveUpAfterMs ?? GIVE_UP_AFTER_MS;
  const lost = taker?.lost ?? { ms: 0, untilMs: 0 };
  let sinceMs = patience.now();
  const leftMs = () => Math.min(giveUpAfterMs - lost.ms, patience.remainingMs() - RESERVE_MS);
  const lose = () => {
    const nowMs = patience.now();
    lost.ms += Math.max(0, nowMs - Math.max(sinceMs, lost.untilMs));
    lost.untilMs = sinceMs = nowMs;
  };
  return {
    patience,
    attemptMs: () => Math.min(RESPOND_WITHIN_MS, Math.max(SHORTEST_ATTEMPT_MS, leftMs())),
    pause: async (attempt) => {
      lose();
      const ms = delayMs(attempt);
      if (leftMs() < ms || !(await sleep(ms, patience))) return false;
      lose();
      return true;
    },
  };
}
