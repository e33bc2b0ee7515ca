import { setTimeout as wait } from 'node:timers/promises';
import { EMPTY_DRAFT } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { type Message, withoutRefused } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { isUntitled } from '../domain/threads.ts';
import { readPage } from '../store/message-pages.ts';
import { toTitled, writeModelTitle } from '../store/titles.ts';
import type { TitleJob } from './ask.ts';
import { inBudget } from './in-budget.ts';
import { modelTitle, type Opening, titleTokens } from './model-title.ts';

/**
 * Gives a thread a title by the model, from its first question and the answer to it. A thread that has one by now, the
 * user's or the model's, keeps it: this may run more than once.
 *
 * @throws what the model's service said
 */
export async function writeTitle({ thread, allowance }: TitleJob, context: Context): Promise<void> {
  const opening = await openingOf(thread, context);
  if (!opening) return;
  await inBudget({ allowance, tokens: titleTokens(opening), context }, async (meter) => {
    let title = '';
    try {
      title = await modelTitle(opening, { context, meter });
    } finally {
      await writeModelTitle(thread, { title, spent: meter.spendingOf(EMPTY_DRAFT) }, context);
    }
  });
}

/** A title is asked for while the answer is being stored. */
const STORED_WITHIN_MS = 5_000;
const POLL_MS = 250;
/** An answer may be some messages behind its question. */
const FIRST_MESSAGES = 100;

/** How a thread begins, or null where it has a title, or no answer, or is gone. */
async function openingOf(thread: ThreadRef, context: Context): Promise<Opening | null> {
  const until = context.now() + STORED_WITHIN_MS;
  for (;;) {
    const page = await readPage(thread, { order: 'asc', after: null, limit: FIRST_MESSAGES });
    if (!page || !isUntitled(toTitled(page.head))) return null;
    const opening = openingIn(withoutRefused(page.messages));
    if (opening || page.hasMore) return opening;
    if (context.now() + POLL_MS > until) return null; // it was cancelled, say; the next one asks again
    await wait(POLL_MS);
  }
}

function openingIn(messages: readonly Message[]): Opening | null {
  const asked = messages.findIndex(({ role }) => role === 'user');
  const question = messages[asked];
  const answer = messages.slice(asked + 1).find(({ role }) => role === 'assistant');
  return question && answer ? { question: question.text, answer: answer.text } : null;
}
