import { setTimeout as wait } from 'node:timers/promises';
import type { Draft } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { STORE_WITHIN_MS } from '../domain/limits.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { joinLogs, readLog } from '../store/turn-log.ts';
import { currentTurn } from './current-turn.ts';

const POLL_MS = 250;
/** After how many polls followTurn checks that the answer is still being made. */
const LOOK_EVERY = 8;

/**
 * Follows an answer that is made elsewhere, by its log: all that was said so far, each time that is more, until the turn
 * ends or the function's time does. A turn whose maker has died is settled on the way.
 */
export async function* followTurn(
  thread: ThreadRef,
  turnId: string,
  context: Context,
): AsyncGenerator<Draft> {
  let log = await readLog(thread, turnId);
  yield log;
  for (let polls = 1; !log.isClosed && context.remainingMs() > STORE_WITHIN_MS; polls += 1) {
    if (polls % LOOK_EVERY === 0) {
      const turn = await currentTurn(thread, turnId, context);
      if (turn?.status !== 'in_progress') return;
    }
    await wait(POLL_MS);
    const more = await readLog(thread, turnId, log.next);
    if (more.next === log.next && !more.isClosed) continue;
    log = joinLogs(log, more);
    yield log;
  }
}
