import type { ThreadRef } from '../domain/thread-ref.ts';
import { type Invoked, invoke } from '../invoke/invoke.ts';
import type { StartedTurn } from './start.ts';

/** What the function that makes answers is told. Only functions of the deployment can invoke it. */
export interface AnswerJob extends StartedTurn {
  readonly thread: ThreadRef;
}

/**
 * Has an answer made by the worker function, which goes on when nobody waits any more. It is invoked once: a second
 * attempt could be a second answer.
 *
 * @param waitMs how long to wait for its end
 */
export function invokeWorker(job: AnswerJob, { waitMs }: { waitMs: number }): Promise<Invoked> {
  return invoke({ functionName: process.env.MAKE_ANSWER_FUNCTION, payload: job }, { waitMs });
}
