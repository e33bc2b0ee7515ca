import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { readLog } from '../functions/store/turn-log.ts';
import type { Bench } from './instance.ts';
import { spoken } from './said.ts';

/** How often the log is read: what is measured is at most so much too long. */
const POLL_MS = 10;
/** As long as each other, so that the length of the log tells which of them it has; three seconds of them. */
const PIECES = Array.from({ length: 150 }, (_, index) => `${String(index).padStart(4, '0')} `);
const PIECE_LENGTH = 5;

/**
 * How old the oldest text of each entry of the log is once the entry can be read: the longest that anything said was
 * nowhere but in the memory of one function.
 */
export async function logLags(
  { model, openConversation }: Bench,
  answers: number,
): Promise<readonly number[]> {
  const measuredMs: number[] = [];
  for (let index = 0; index < answers; index += 1) {
    const { thread, ask } = await openConversation();
    const question = randomUUID();
    const { reaction, saidAtMs } = spoken(PIECES);
    model.scripts.set(question, [reaction]);
    const events = await ask(question);
    const first = await events.next();
    const turnId = String(first.value?.id).split(':')[0] ?? '';
    const rest = Array.fromAsync(events);
    let seen = 0;
    for (let log = await readLog(thread, turnId); !log.isClosed; ) {
      const readAtMs = performance.now();
      if (log.text !== '') {
        const oldestAtMs = saidAtMs[seen / PIECE_LENGTH];
        if (oldestAtMs === undefined) throw new Error('The log has what was not said');
        measuredMs.push(readAtMs - oldestAtMs);
        seen += log.text.length;
      }
      await wait(POLL_MS);
      log = await readLog(thread, turnId, log.next);
    }
    await rest;
  }
  return measuredMs;
}
