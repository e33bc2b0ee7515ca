import type { Draft } from '../domain/answer.ts';
import type { FreeJson } from '../domain/json.ts';
import { estimatedTokens, NO_USAGE } from '../domain/tokens.ts';
import type { Share } from '../store/token-shares.ts';

/** What counts of an answer. */
export interface Count {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Whether some of it is our estimate, because the model did not come to report it. */
  readonly isEstimate: boolean;
}

export const NOTHING: Count = { promptTokens: 0, completionTokens: 0, isEstimate: false };

export function addCounts(a: Count, b: Count): Count {
  return {
    promptTokens: a.promptTokens + b.promptTokens,
    completionTokens: a.completionTokens + b.completionTokens,
    isEstimate: a.isEstimate || b.isEstimate,
  };
}

export function totalOf({ promptTokens, completionTokens }: Count): number {
  return promptTokens + completionTokens;
}

/** The larger of what was reported and what is estimated, each for input and output. */
export function largerCount(
  reported: Pick<Count, 'promptTokens' | 'completionTokens'>,
  estimate: Pick<Count, 'promptTokens' | 'completionTokens'>,
): Count {
  const promptTokens = Math.max(reported.promptTokens, estimate.promptTokens);
  const completionTokens = Math.max(reported.completionTokens, estimate.completionTokens);
  const isEstimate = promptTokens > reported.promptTokens || completionTokens > reported.completionTokens;
  return { promptTokens, completionTokens, isEstimate };
}

/**
 * What counts of an answer that somebody else than its maker ends, who has its share and its log: the larger of what
 * the model has reported by then, and of what it was sent and has said by our estimate.
 */
export function countFrom({ sent, said }: Share, logged: Draft): Count {
  const reported = logged.usage ?? NO_USAGE;
  const isAsked = sent > 0;
  const estimate = { promptTokens: sent, completionTokens: isAsked ? said + newlySaid(logged) : 0 };
  return largerCount(reported, estimate);
}

/** What was said since the model was asked last: all that follows its last calls of tools, and these where they still run. */
function newlySaid({ text, toolCalls }: Draft): number {
  const last = toolCalls.at(-1);
  const running = toolCalls.filter((call) => call.round === last?.round && call.endedAtMs === null);
  const calls = running.map(({ name, arguments: given }) => estimatedTokens(name + JSON.stringify(given)));
  return estimatedTokens(text.slice(last?.textLength ?? 0)) + calls.reduce((sum, tokens) => sum + tokens, 0);
}

/** What an answer's metadata say where it counts by an estimate; `token_usage` is what the model reported. */
export function usageDetails(count: Count | null): FreeJson {
  if (!count?.isEstimate) return {};
  const { promptTokens: prompt_tokens, completionTokens: completion_tokens } = count;
  return { usage_details: { estimated: true, prompt_tokens, completion_tokens } };
}
