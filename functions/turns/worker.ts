import type { ThreadRef } from '../domain/thread-ref.ts';
import { type Invoked, invoke, queueEvent } from '../invoke/invoke.ts';
import type { Item } from '../store/transact.ts';
import type { StartedTurn } from './start.ts';

/** What the function that makes answers is told. Only functions of the deployment can invoke it. */
export interface AnswerJob extends StartedTurn {
  readonly thread: ThreadRef;
  /** The thread's, as it was before the question, or just after. */
  readonly head?: Item;
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

/** What the same function is told where a turn may be dead, by somebody who may not write. */
export interface SettlementJob {
  readonly thread: ThreadRef;
  /** The turn that its head names. */
  readonly settles: string;
}

/** Has the worker function settle a turn, if it is dead; nobody waits for that. @param withinMs how long it may take to ask */
export function askToSettle(job: SettlementJob, { withinMs }: { withinMs: number }): Promise<void> {
  return queueEvent({ functionName: process.env.MAKE_ANSWER_FUNCTION, payload: job }, { withinMs });
}
