import type { Context } from '../domain/context.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { queueEvent } from '../invoke/invoke.ts';
import type { Allowance } from '../store/token-shares.ts';

/** What the function that writes titles is told. Only functions of the deployment can invoke it. */
export interface TitleJob {
  readonly thread: ThreadRef;
  /** What the title's tokens are taken from, where they are limited. */
  readonly allowance: Allowance | null;
}

/** An answer is stored meanwhile, and would wait no longer than this. */
const WITHIN_MS = 500;

/**
 * Has a thread given a better title than its first words, by a function that nobody waits for: Lambda queues the
 * event, and runs the function once more where it fails. Where it cannot be asked the first words stay; it never fails.
 */
export async function askForTitle(job: TitleJob, context: Context): Promise<void> {
  const functionName = process.env.WRITE_TITLE_FUNCTION;
  try {
    await queueEvent({ functionName, payload: job }, { withinMs: WITHIN_MS });
  } catch {
    context.measure({ titleFailures: 1 });
  }
}
