import type { Draft, IncompleteReason } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { TOOL_ROUNDS } from '../domain/limits.ts';
import type { Meter } from '../model/meter.ts';
import type { Round } from '../model/tool-rounds.ts';
import type { HistoryStart } from '../store/history-start.ts';
import { answerBuilder } from './answer-builder.ts';
import type { Prepared } from './prepare.ts';
import { requestModel } from './request-model.ts';
import { runToolCalls } from './run-tool-calls.ts';
import type { AnswerJob } from './worker.ts';

/** A title is asked for with each answer until there is one, but not for ever. */
const TITLED_WITHIN_ANSWERS = 3;

interface AnswerOptions {
  readonly context: Context;
  readonly prepared: Promise<Prepared>;
  readonly meter: Meter;
  /** Ends it: nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** Is told all that was said so far whenever that is more. */
  readonly onDraft: (draft: Draft) => void;
}

/** An answer as far as it goes. */
interface Answer {
  readonly draft: Draft;
  /** Why it is not whole, or null. */
  readonly incomplete: IncompleteReason | null;
  /** Whether it is one of the first of a thread that nobody has given a title. */
  readonly needsTitle: boolean;
  /** Where what the model was sent of the thread begins, if the head does not say so yet. */
  readonly historyStart: HistoryStart | null;
  /** What went wrong. */
  readonly cause?: unknown;
}

/**
 * Asks the model about a thread, calls the tools that it asks for, and asks again with what they answered, at most ten
 * times. Calls are made once the model has asked for all of a round: half a round cannot be told to a model.
 */
export async function generateAnswer(
  { turnId }: AnswerJob,
  { onDraft, prepared, ...asking }: AnswerOptions,
): Promise<Answer> {
  const builder = answerBuilder(onDraft);
  let needsTitle = false;
  let historyStart: HistoryStart | null = null;
  const answer = (incomplete: IncompleteReason | null): Answer => ({
    draft: builder.draft(),
    incomplete,
    // A model that has refused a question would refuse to give it a title.
    needsTitle: needsTitle && incomplete !== 'refusal',
    historyStart,
  });
  try {
    const {
      profile,
      history: { messages: history, newStart, isWhole },
    } = await prepared;
    historyStart = newStart;
    const answers = history.filter(({ role }) => role === 'assistant');
    needsTitle = profile.isUntitled && isWhole && answers.length < TITLED_WITHIN_ANSWERS;
    builder.answeredBy(profile.model);
    const rounds: Round[] = [];
    for (;;) {
      const mayCall = rounds.length < TOOL_ROUNDS;
      const reply = await requestModel(builder, {
        ...asking,
        history,
        rounds,
        profile: { ...profile, mayCall },
      });
      if (reply.incomplete !== 'tool_use' || reply.calls.length === 0 || !mayCall)
        return answer(reply.incomplete);
      if (!builder.begin(reply.calls, asking.context.now())) return answer('too_long');
      await runToolCalls(reply.calls, builder, { ...asking, turnId, profile });
      const ended = builder.draft().toolCalls.filter(({ round }) => round === rounds.length);
      rounds.push({ blocks: reply.blocks, calls: ended });
    }
  } catch (cause) {
    return { ...answer('internal_error'), cause };
  }
}
