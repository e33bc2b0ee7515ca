import type { Draft } from '../domain/answer.ts';
import { NO_SPENDING, type Spending, totalOf } from '../domain/spending.ts';
import { likelyTokens, NO_USAGE, thoughtTokens } from '../domain/tokens.ts';
import type { Share } from '../store/token-shares.ts';

/**
 * What counts of an answer that somebody else than its maker ends, who has its log, and its share where tokens have a
 * limit: what the maker had counted by its last entry, and what the model may have thought since.
 *
 * @param untilMs when it has ended
 */
export function spendingIn(logged: Draft, share: Share | null, untilMs: number): Spending {
  const { spent, thinking } = logged;
  if (!spent || totalOf(spent) === 0) return estimateOf(logged, share);
  const { atMs, outputNanos, ...counted } = spent;
  const thought = thinking.isOpen ? thoughtTokens(untilMs - atMs) : 0;
  if (thought === 0) return counted;
  const { costNanos } = counted;
  return {
    ...counted,
    isEstimate: true,
    completionTokens: counted.completionTokens + thought,
    thinkingTokens: counted.thinkingTokens + thought,
    costNanos: costNanos === null || outputNanos === null ? null : costNanos + thought * outputNanos,
  };
}

/**
 * The same where the maker had counted nothing yet: the larger of what the model has reported by then, and of what it
 * was sent and has said by our estimate.
 */
function estimateOf(logged: Draft, share: Share | null): Spending {
  const reported = logged.usage ?? NO_USAGE;
  const isAsked = share !== null && share.sent > 0;
  const estimate = {
    promptTokens: share?.sent ?? 0,
    completionTokens: isAsked ? share.said + newlySaid(logged) : 0,
  };
  const promptTokens = Math.max(reported.promptTokens, estimate.promptTokens);
  const completionTokens = Math.max(reported.completionTokens, estimate.completionTokens);
  const isEstimate = promptTokens > reported.promptTokens || completionTokens > reported.completionTokens;
  const used = { ...reported, promptTokens, completionTokens };
  if (promptTokens + completionTokens === 0) return NO_SPENDING;
  return { ...used, model: null, isEstimate, costNanos: null };
}

/** What was said since the model was asked last: all that follows its last calls of tools, and these where they still run. */
function newlySaid({ text, toolCalls }: Draft): number {
  const last = toolCalls.at(-1);
  const running = toolCalls.filter((call) => call.round === last?.round && call.endedAtMs === null);
  const calls = running.map(({ name, arguments: given }) => likelyTokens(name + JSON.stringify(given)));
  const said = likelyTokens(text.slice(last?.textLength ?? 0));
  return Math.ceil(calls.reduce((sum, tokens) => sum + tokens, said));
}
