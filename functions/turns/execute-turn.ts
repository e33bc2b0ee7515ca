import { meterOf } from '../budgets/meter.ts';
import { type Draft, hasContent, isAnswer } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { notFound, ParleyError } from '../domain/errors.ts';
import { turnError } from '../domain/turn.ts';
import { failureKind } from '../model/failure-kind.ts';
import { inTimeOfEach } from '../patience/request-time.ts';
import { readHead } from '../store/heads.ts';
import { claimLease, type Lease } from '../store/turns.ts';
import { askForTitle } from '../titles/ask.ts';
import { generateAnswer } from './generate-answer.ts';
import { keepLease, leaseEnd } from './lease.ts';
import { openLog } from './log-writer.ts';
import { type Prepared, prepare } from './prepare.ts';
import { settleOwn } from './settle-own.ts';
import type { AnswerJob } from './worker.ts';

/** A turn that has ended, or that somebody else makes. */
interface ExecutedTurn {
  /** Until a title is asked for, where the thread has none: a function that ends before that asks for none. */
  readonly titled: Promise<void>;
  /** Why there is no answer, where there is none: the turn has failed, and the question stays. */
  readonly failed: ParleyError | null;
}

const DONE = Promise.resolve();

/**
 * Makes the answer of a started turn: what the model says goes into the turn's log as it comes, and at its end becomes
 * the assistant's message. A turn is made once: for one that somebody has begun, or ended, nothing is done; when
 * somebody ends it meanwhile, the model is stopped and nothing is written.
 *
 * @param begun what its maker has, where that has started it, too
 * @param onDraft is told all that was said so far whenever that is more
 * @throws ParleyError unavailable when the database was out of reach to the end of the function's time
 */
export function executeTurn(
  job: AnswerJob,
  context: Context,
  { begun = null, onDraft = () => {} }: Partial<Execution> = {},
): Promise<ExecutedTurn> {
  return inTimeOfEach(context, () => execute(job, context, { begun, onDraft }));
}

/** A turn that is claimed, and what is known before the model is asked. */
export interface Begun {
  readonly lease: Lease;
  readonly prepared: Promise<Prepared>;
}

interface Execution {
  readonly begun: Begun | null;
  readonly onDraft: (draft: Draft) => void;
}

/** Claims a turn, and reads meanwhile what it is about. @returns null where somebody has begun, or ended it */
async function begin(job: AnswerJob, context: Context): Promise<Begun | null> {
  const { thread, turnId } = job;
  const claim = { turnId, expiresAtMs: leaseEnd(context), claim: context.newId() };
  const prepared = prepareJob(job, context);
  prepared.catch(() => {}); // who awaits it is told
  const lease = await claimLease(thread, claim, context);
  return lease && { lease, prepared };
}

async function prepareJob(
  { thread, messageId, head: given }: AnswerJob,
  context: Context,
): Promise<Prepared> {
  const head = given ?? (await readHead(thread));
  if (!head) throw notFound('Thread');
  return prepare({ thread, head, messageId }, context);
}

async function execute(
  job: AnswerJob,
  context: Context,
  { begun: given, onDraft }: Execution,
): Promise<ExecutedTurn> {
  const { thread, turnId } = job;
  const begun = given ?? (await begin(job, context));
  if (!begun) return { titled: DONE, failed: null };
  const { lease, prepared } = begun;
  const lost = new AbortController();
  const release = keepLease(thread, lease, { context, lost });
  const meter = meterOf(lease.reservation, context);
  const log = openLog(thread, turnId, { context, lost });
  try {
    const { draft, incomplete, needsTitle, historyStart, cause } = await generateAnswer(job, {
      context,
      prepared,
      meter,
      signal: lost.signal,
      onDraft: (draft) => {
        onDraft(draft);
        log.write({ ...draft, spent: meter.running() });
      },
    });
    const titled =
      needsTitle && hasContent(draft) ? askForTitle({ thread, allowance: lease.reservation }, context) : DONE;
    const logged = await log.stop();
    const failure = failureKind(cause);
    await settleOwn(
      thread,
      { lease, incomplete, said: draft, tally: meter, failure, logged, historyStart },
      { context, lost: lost.signal },
    );
    if (lost.signal.aborted || isAnswer(draft, incomplete)) return { titled, failed: null };
    const { code, message } = turnError(failure);
    return { titled, failed: new ParleyError(code, message, { cause }) };
  } finally {
    release();
  }
}
