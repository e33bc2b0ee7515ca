import { type Draft, draftSince, EMPTY_DRAFT } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { inTimeOfEach } from '../patience/request-time.ts';
import { appendToLog, type TurnLog } from '../store/turn-log.ts';

/** With the write itself the log is at most 250 ms behind what was said. */
const BATCH_MS = 175;
/** What is not written by then is written with the next batch. */
const APPEND_WITHIN_MS = 1_000;
const KEPT_SECONDS = 24 * 60 * 60;

/** When an entry that is written now is not needed any more, in seconds since 1970. */
export function logExpiry(context: Context): number {
  return Math.floor(context.now() / 1_000) + KEPT_SECONDS;
}

/** Writes what is said into a turn's log, in batches. */
export interface LogWriter {
  /** @param draft all that was said so far */
  write(draft: Draft): void;
  /** Writes nothing more. @returns what the log has by then, as far as that is known */
  stop(): Promise<TurnLog>;
}

/** @param lost aborted when the log is closed: somebody has ended the turn */
export function openLog(
  thread: ThreadRef,
  turnId: string,
  { context, lost }: { context: Context; lost: AbortController },
): LogWriter {
  let seq = 0;
  let draft = EMPTY_DRAFT;
  let logged = draft;
  let unwritten: Draft | null = null;
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  let isStopped = false;
  const append = async () => {
    if (isStopped) return;
    // What has failed to be written is written again as it was: it may be there, and read.
    unwritten ??= draft;
    if (unwritten === logged) {
      unwritten = null;
      return;
    }
    const entry = draftSince(unwritten, logged);
    try {
      const whole = { ...entry, seq, expiresAt: logExpiry(context) };
      const isWritten = await inTimeOfEach(
        context,
        () => appendToLog(thread, { turnId, entry: whole }, context),
        APPEND_WITHIN_MS,
      );
      if (!isWritten) return lost.abort(new Error('The turn has been ended'));
      logged = unwritten;
      unwritten = null;
      seq += 1;
    } catch {
      schedule(); // the next attempt may do better; what stays unlogged is in the message
    }
  };
  const schedule = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      writing = writing.then(append);
    }, BATCH_MS);
  };

  return {
    write: (said) => {
      const isLogged = !isOnlyThought(said, draft);
      draft = said;
      if (isLogged) schedule();
    },
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await writing;
      clearTimeout(timer);
      return { ...logged, next: seq, isClosed: false };
    },
  };
}

/** Whether what is new is nothing but words of thinking, which no log has. */
function isOnlyThought(draft: Draft, earlier: Draft): boolean {
  const { thinking, spent: _spent, ...said } = draft;
  const isSame = Object.entries(said).every(([name, value]) => earlier[name as keyof Draft] === value);
  return isSame && thinking.begun === earlier.thinking.begun && thinking.isOpen === earlier.thinking.isOpen;
}
