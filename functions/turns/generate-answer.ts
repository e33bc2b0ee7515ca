import pLimit from 'p-limit';
import type { Draft, IncompleteReason } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { CALLS_AT_ONCE, FREE_JSON_DEPTH, STORE_WITHIN_MS, TOOL_ROUNDS } from '../domain/limits.ts';
import type { Message } from '../domain/message.ts';
import type { ToolResult } from '../domain/tool-result.ts';
import { askModel } from '../model/ask-model.ts';
import type { AnswerBlock } from '../model/blocks.ts';
import { modelConfiguration } from '../model/configuration.ts';
import type { ModelCall } from '../model/events.ts';
import type { Round } from '../model/tool-rounds.ts';
import { readHistory } from '../store/message-pages.ts';
import { type AnswerBuilder, answerBuilder } from './answer-builder.ts';
import { type BoundProfile, boundProfile } from './bound-profile.ts';
import type { AnswerJob } from './worker.ts';

/** A title is asked for with each answer until there is one, but not for ever. */
const TITLED_WITHIN_ANSWERS = 3;

interface AnswerOptions {
  readonly context: Context;
  /** Ends it: nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** Is told all that was said so far whenever that is more. */
  readonly onDraft: (draft: Draft) => void;
}

const NO_ARGUMENTS = `The arguments are not a JSON object of at most ${FREE_JSON_DEPTH} levels`;

/** An answer as far as it goes. */
interface Answer {
  readonly draft: Draft;
  /** Why it is not whole, or null. */
  readonly incomplete: IncompleteReason | null;
  /** Whether it is one of the first of a thread that nobody has given a title. */
  readonly needsTitle: boolean;
  /** What went wrong. */
  readonly cause?: unknown;
}

/**
 * Asks the model about a thread, calls the tools that it asks for, and asks again with what they answered, at most ten
 * times. Calls are made once the model has asked for all of a round: half a round cannot be told to a model.
 */
export async function generateAnswer(job: AnswerJob, { onDraft, ...asking }: AnswerOptions): Promise<Answer> {
  const builder = answerBuilder(onDraft);
  let needsTitle = false;
  const answer = (incomplete: IncompleteReason | null): Answer => ({
    draft: builder.draft(),
    incomplete,
    // A model that has refused a question would refuse to give it a title.
    needsTitle: needsTitle && incomplete !== 'refusal',
  });
  try {
    const [profile, history] = await Promise.all([
      boundProfile(job.thread, asking.context),
      readHistory(job.thread, job.messageId),
    ]);
    const answers = history.filter(({ role }) => role === 'assistant');
    needsTitle = profile.isUntitled && answers.length < TITLED_WITHIN_ANSWERS;
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
      await runToolCalls(reply.calls, builder, { ...asking, profile });
      const ended = builder.draft().toolCalls.filter(({ round }) => round === rounds.length);
      rounds.push({ blocks: reply.blocks, calls: ended });
    }
  } catch (cause) {
    return { ...answer('internal_error'), cause };
  }
}

interface Asking extends Omit<AnswerOptions, 'onDraft'> {
  readonly history: readonly Message[];
  readonly rounds: readonly Round[];
  readonly profile: BoundProfile & { readonly mayCall: boolean };
}

/** What one request has brought beside what is in the draft. */
interface ModelReply {
  readonly calls: readonly ModelCall[];
  readonly blocks: readonly AnswerBlock[];
  readonly incomplete: IncompleteReason | null;
}

/** One request: what the model thinks and says goes into the draft. */
async function requestModel(
  { say, think, refuse, report }: AnswerBuilder,
  { history, rounds, profile, context, signal }: Asking,
): Promise<ModelReply> {
  const timeoutMs = context.remainingMs() - STORE_WITHIN_MS;
  const { thinkingDisplay: display, refusalText } = modelConfiguration();
  const calls: ModelCall[] = [];
  const question = { ...profile, display, rounds, timeoutMs, signal, context };
  for await (const event of askModel(history, question)) {
    switch (event.type) {
      case 'thinking':
        think(event);
        break;
      case 'text':
        if (!say(event.text)) return { calls: [], blocks: [], incomplete: 'too_long' };
        break;
      case 'call':
        calls.push(event);
        break;
      case 'usage':
        report(event.usage);
        break;
      case 'end':
        if (event.incomplete === 'refusal') refuse(event.refusalCategory, refusalText);
        return { calls, blocks: event.blocks, incomplete: event.incomplete };
    }
  }
  return { calls: [], blocks: [], incomplete: 'internal_error' };
}

type Calling = Omit<AnswerOptions, 'onDraft'> & { readonly profile: BoundProfile };

/** Makes all calls of a round, at most CALLS_AT_ONCE at the same time. */
async function runToolCalls(
  calls: readonly ModelCall[],
  builder: AnswerBuilder,
  calling: Calling,
): Promise<void> {
  const limit = pLimit(CALLS_AT_ONCE);
  await Promise.all(calls.map((call) => limit(() => runToolCall(call, builder, calling))));
}

async function runToolCall(
  { id, name, arguments: given }: ModelCall,
  { end }: AnswerBuilder,
  { profile, context, signal }: Calling,
): Promise<void> {
  const tool = profile.tools.find((each) => each.name === name);
  const outcome = await outcomeOf();
  end(id, outcome, context.now());

  async function outcomeOf(): Promise<ToolResult> {
    if (!tool) return { ok: false, error: 'There is no such tool' };
    if (given === null) return { ok: false, error: NO_ARGUMENTS };
    return tool.call({ id, arguments: given }, { context, signal });
  }
}
