import { setTimeout } from 'node:timers/promises';
import type { Context } from '../domain/context.ts';

/** How long somebody can wait. */
export type Patience = Pick<Context, 'now' | 'remainingMs'>;

const FIRST_DELAY_MS = 10;
const LONGEST_DELAY_MS = 400;
/** Time kept back to answer with. */
export const RESERVE_MS = 1_500;
/** A command that somebody runs has no end of its own: it gives up after some seconds. */
const MOST_ATTEMPTS = 20;

/**
 * Waits before the next attempt: full jitter, doubling.
 *
 * @param patience null for a command, which has no time limit
 * @returns false when no time is left for one
 */
export async function pause(attempt: number, patience: Patience | null): Promise<boolean> {
  if (patience === null && attempt >= MOST_ATTEMPTS) return false;
  return sleep(delayMs(attempt), patience);
}

/** How long a pause is, before the attempt after this one. */
export function delayMs(attempt: number): number {
  return Math.random() * Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
}

/** Waits for so long. @returns false, at once, when too little time is left for that */
export async function sleep(ms: number, patience: Patience | null): Promise<boolean> {
  if (patience !== null && patience.remainingMs() < RESERVE_MS + ms) return false;
  await setTimeout(ms);
  return true;
}
