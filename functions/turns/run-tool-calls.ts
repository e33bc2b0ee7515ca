import pLimit from 'p-limit';
import type { Context } from '../domain/context.ts';
import { CALLS_AT_ONCE, FREE_JSON_DEPTH } from '../domain/limits.ts';
import type { ToolResult } from '../domain/tool-result.ts';
import type { ModelCall } from '../model/events.ts';
import type { AnswerBuilder } from './answer-builder.ts';
import type { BoundProfile } from './bound-profile.ts';

const NO_ARGUMENTS = `The arguments are not a JSON object of at most ${FREE_JSON_DEPTH} levels`;

interface Calling {
  readonly turnId: string;
  readonly profile: BoundProfile;
  readonly context: Context;
  readonly signal: AbortSignal;
}

/** Makes all calls of a round, the last ones that the builder has, at most CALLS_AT_ONCE at the same time. @throws the signal's reason */
export async function runToolCalls(
  calls: readonly ModelCall[],
  builder: AnswerBuilder,
  calling: Calling,
): Promise<void> {
  const firstIndex = builder.draft().toolCalls.length - calls.length;
  const limit = pLimit(CALLS_AT_ONCE);
  await Promise.all(
    calls.map((call, place) =>
      limit(() => runToolCall({ ...call, index: firstIndex + place }, builder, calling)),
    ),
  );
}

async function runToolCall(
  { index, name, arguments: given }: ModelCall & { readonly index: number },
  { end }: AnswerBuilder,
  { turnId, profile, context, signal }: Calling,
): Promise<void> {
  const tool = profile.tools.find((each) => each.name === name);
  const outcome = await outcomeOf();
  end(index, outcome, context.now());

  async function outcomeOf(): Promise<ToolResult> {
    if (!tool) return { ok: false, error: 'There is no such tool' };
    if (given === null) return { ok: false, error: NO_ARGUMENTS };
    // What a model names a call may come again: of a turn that is made once, a call's place does not.
    return tool.call({ id: `${turnId}-${index}`, arguments: given }, { context, signal });
  }
}
