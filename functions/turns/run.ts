import { type Draft, isAnswer, isSaid } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import { claimLease } from '../store/turns.ts';
import { askForTitle } from '../titles/ask.ts';
import { keepLease, leaseEnd } from './lease.ts';
import { openLog } from './log-writer.ts';
import { makeAnswer } from './make-answer.ts';
import { settleTurn } from './settle.ts';
import type { AnswerJob } from './worker.ts';

/** A turn that has ended. */
interface MadeTurn {
  /** Until a title is asked for, where the thread has none: a function that ends before that asks for none. */
  readonly titled: Promise<void>;
}

const DONE = Promise.resolve();

/**
 * Makes the answer of a started turn: what the model says goes into the turn's log as it comes, and at its end becomes
 * the assistant's message. A turn is made once: for one that somebody has begun, or ended, nothing is done; when
 * somebody ends it meanwhile, the model is stopped and nothing is written.
 *
 * @param listen is told all that was said so far whenever that is more
 * @throws ParleyError internal_error when there is no answer; the turn has failed, and the question stays
 */
export async function runTurn(
  job: AnswerJob,
  context: Context,
  listen: (draft: Draft) => void = () => {},
): Promise<MadeTurn> {
  const { thread, turnId } = job;
  const lease = await claimLease(thread, { turnId, expiresAtMs: leaseEnd(context) }, context.newId());
  if (!lease) return { titled: DONE };
  const lost = new AbortController();
  const letGo = keepLease(thread, lease, { context, lost });
  const log = openLog(thread, turnId, { context, lost });
  try {
    const hear = (draft: Draft) => {
      listen(draft);
      log.write(draft);
    };
    const { draft, incomplete, needsTitle, cause } = await makeAnswer(job, {
      context,
      signal: lost.signal,
      hear,
    });
    const titled =
      needsTitle && isSaid(draft) ? askForTitle({ thread, budget: lease.reservation }, context) : DONE;
    const logged = await log.stop();
    if (lost.signal.aborted) return { titled };
    await settleTurn(thread, lease, { incomplete, said: draft, logged }, context);
    if (!isAnswer(draft, incomplete))
      throw new ParleyError('internal_error', 'The assistant could not answer', { cause });
    return { titled };
  } finally {
    letGo();
  }
}
