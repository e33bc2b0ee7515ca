import pLimit from 'p-limit';
import type { Context } from '../domain/context.ts';
import { CALLS_AT_ONCE, FREE_JSON_DEPTH } from '../domain/limits.ts';
import type { ToolResult } from '../domain/tool-result.ts';
import type { ModelCall } from '../model/events.ts';
import type { AnswerBuilder } from './answer-builder.ts';
import type { BoundProfile } from './bound-profile.ts';

const NO_ARGUMENTS = `The arguments are not a JSON object of at most ${FREE_JSON_DEPTH} levels`;

interface Calling {
  readonly profile: BoundProfile;
  readonly context: Context;
  readonly signal: AbortSignal;
}

/** Makes all calls of a round, at most CALLS_AT_ONCE at the same time. @throws the signal's reason */
export async function runToolCalls(
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
