import { setTimeout as wait } from 'node:timers/promises';
import type { Tally } from '../budgets/tally.ts';
import type { Draft } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { isPassing } from '../domain/errors.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Lease } from '../store/turns.ts';
import { growAnswer } from './grow-answer.ts';
import { type Settlement, settleTurn } from './settle.ts';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 3_000;
/** For one more attempt at the very end. */
const LAST_ATTEMPT_MS = 500;

/** A settlement by who has made the answer. */
export interface OwnSettlement extends Settlement {
  readonly said: Draft;
  readonly tally: Tally;
}

/**
 * Ends a turn for its maker, which has the whole answer in hand and tries for as long as its function lives: nobody else
 * has it. Where somebody else has ended the turn meanwhile, the answer may still replace a shorter one.
 *
 * @param lost aborted where somebody else has ended it
 * @throws ParleyError unavailable when the function's time is over
 */
export async function settleOwn(
  thread: ThreadRef,
  { lease, ...settlement }: OwnSettlement & { lease: Lease },
  { context, lost }: { context: Context; lost: AbortSignal },
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      if (!lost.aborted && (await settleTurn(thread, lease, settlement, context))) return;
      await settlement.tally.settle(settlement.said); // whoever else has ended it could not hear all
      return await growAnswer(thread, { lease, ...settlement }, context);
    } catch (error) {
      const delayMs = Math.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
      if (!isPassing(error) || context.remainingMs() < delayMs + LAST_ATTEMPT_MS) throw error;
      await wait(delayMs);
    }
  }
}
