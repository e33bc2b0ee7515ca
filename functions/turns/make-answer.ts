import { answerMessage, type Draft, type IncompleteReason } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import { STORE_WITHIN_MS, TOOL_ROUNDS } from '../domain/limits.ts';
import type { Message } from '../domain/message.ts';
import { answerTo } from '../model/answer.ts';
import type { ModelCall } from '../model/stream.ts';
import { readHistory } from '../store/message-pages.ts';
import { type Drafting, type Outcome, startDraft } from './drafting.ts';
import type { Profile } from './answerer.ts';
import { profileOf } from './profile.ts';
import type { AnswerJob } from './worker.ts';

/** A title is asked for with each answer until there is one, but not for ever. */
const TITLED_WITHIN_ANSWERS = 3;

interface Listening {
  readonly context: Context;
  /** Ends it: nobody wants the answer any more. */
  readonly signal: AbortSignal;
  /** Is told all that was said so far whenever that is more. */
  readonly hear: (draft: Draft) => void;
}

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
export async function makeAnswer(job: AnswerJob, { hear, ...asking }: Listening): Promise<Answer> {
  const drafting = startDraft(hear);
  let needsTitle = false;
  const answer = (incomplete: IncompleteReason | null): Answer => ({
    draft: drafting.draft(),
    incomplete,
    needsTitle,
  });
  try {
    const [profile, history] = await Promise.all([
      profileOf(job.threadPk, asking.context),
      readHistory(job.threadPk, job.messageId),
    ]);
    const answers = history.filter(({ role }) => role === 'assistant');
    needsTitle = profile.isUntitled && answers.length < TITLED_WITHIN_ANSWERS;
    for (let round = 0; ; round += 1) {
      const mayCall = round < TOOL_ROUNDS;
      const said = await listen(drafting, { ...asking, history, profile: { ...profile, mayCall } });
      if (said.incomplete !== 'tool_use' || said.calls.length === 0 || !mayCall)
        return answer(said.incomplete);
      if (!drafting.begin(said.calls, asking.context.now())) return answer('too_long');
      await Promise.all(said.calls.map((call) => carryOut(call, drafting, { ...asking, profile })));
    }
  } catch (cause) {
    return { ...answer('internal_error'), cause };
  }
}

interface Asking extends Omit<Listening, 'hear'> {
  readonly history: readonly Message[];
  readonly profile: Profile & { readonly mayCall: boolean };
}

/** One request: what the model says goes into the draft. @returns the calls that it asks for */
async function listen(
  { draft, say, report }: Drafting,
  { history, profile, context, signal }: Asking,
): Promise<{ calls: readonly ModelCall[]; incomplete: IncompleteReason | null }> {
  const soFar = draft().toolCalls.length > 0 ? [{ ...answerMessage(draft(), null), id: '' }] : [];
  const timeoutMs = context.remainingMs() - STORE_WITHIN_MS;
  const calls: ModelCall[] = [];
  for await (const event of answerTo([...history, ...soFar], { ...profile, timeoutMs, signal, context })) {
    if (event.type === 'end') return { calls, incomplete: event.incomplete };
    if (event.type === 'usage') report(event.usage);
    if (event.type === 'call') calls.push(event);
    if (event.type === 'text' && !say(event.text)) return { calls: [], incomplete: 'too_long' };
  }
  return { calls: [], incomplete: 'internal_error' };
}

async function carryOut(
  { id, name, arguments: given }: ModelCall,
  { end }: Drafting,
  { profile, context, signal }: Omit<Asking, 'history' | 'profile'> & { profile: Profile },
): Promise<void> {
  const tool = profile.tools.find((each) => each.name === name);
  const outcome: Outcome = !tool
    ? { ok: false, error: 'There is no such tool' }
    : given === null
      ? { ok: false, error: 'The arguments are not a JSON object' }
      : await tool.call({ id, arguments: given }, { context, signal });
  end(id, outcome, context.now());
}
