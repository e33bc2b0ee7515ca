import { type Draft, EMPTY_DRAFT, type IncompleteReason, isSaid } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { notFound, ParleyError } from '../domain/errors.ts';
import { MESSAGE_TEXT_BYTES, STORE_WITHIN_MS } from '../domain/limits.ts';
import { type AnswerEvent, answerTo } from '../model/answer.ts';
import { toConversation } from '../store/conversations.ts';
import { readHead } from '../store/heads.ts';
import { readHistory } from '../store/message-pages.ts';
import { claimLease } from '../store/turns.ts';
import { keepLease, leaseEnd } from './lease.ts';
import { openLog } from './log-writer.ts';
import { settleTurn } from './settle.ts';
import type { AnswerJob } from './worker.ts';

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
): Promise<void> {
  const { threadPk, turnId } = job;
  const lease = await claimLease(threadPk, { turnId, expiresAtMs: leaseEnd(context) }, context.newId());
  if (!lease) return;
  const lost = new AbortController();
  const letGo = keepLease(threadPk, lease, { context, lost });
  const log = openLog(threadPk, turnId, { context, lost });
  try {
    const hear = (draft: Draft) => {
      listen(draft);
      log.write(draft);
    };
    const { draft, incomplete, cause } = await makeAnswer(job, { context, signal: lost.signal, hear });
    const logged = await log.stop();
    if (lost.signal.aborted) return;
    await settleTurn(threadPk, lease, { incomplete, said: draft, logged }, context);
    if (!isSaid(draft)) throw new ParleyError('internal_error', 'The assistant could not answer', { cause });
  } finally {
    letGo();
  }
}

interface Listening {
  readonly context: Context;
  readonly signal: AbortSignal;
  /** Is told all that was said so far whenever that is more. */
  readonly hear: (draft: Draft) => void;
}

interface Answer {
  readonly draft: Draft;
  readonly incomplete: IncompleteReason | null;
  /** Why there is no more of it. */
  readonly cause?: unknown;
}

async function makeAnswer(
  { threadPk, messageId }: AnswerJob,
  { context, signal, hear }: Listening,
): Promise<Answer> {
  let draft = EMPTY_DRAFT;
  let bytes = 0;
  try {
    const [head, history] = await Promise.all([readHead(threadPk), readHistory(threadPk, messageId)]);
    if (!head) throw notFound('Thread');
    const { model } = toConversation(head);
    const timeoutMs = context.remainingMs() - STORE_WITHIN_MS;
    for await (const event of answerTo(history, { model, timeoutMs, signal, context })) {
      if (event.type === 'end') return { draft, incomplete: event.incomplete };
      bytes += event.type === 'text' ? Buffer.byteLength(event.text) : 0;
      if (bytes > MESSAGE_TEXT_BYTES) return { draft, incomplete: 'too_long' };
      draft = heard(draft, event);
      hear(draft);
    }
    return { draft, incomplete: 'internal_error' };
  } catch (cause) {
    return { draft, incomplete: 'internal_error', cause };
  }
}

function heard(draft: Draft, event: Exclude<AnswerEvent, { type: 'end' }>): Draft {
  return event.type === 'usage'
    ? { ...draft, usage: event.usage }
    : { ...draft, text: draft.text + event.text };
}
