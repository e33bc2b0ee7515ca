import type { TokenUsage } from '../domain/message.ts';
import { costOf, ratesOf } from '../domain/prices.ts';
import { NO_SPENDING, type Spending } from '../domain/spending.ts';
import { likelyTokens, NO_USAGE, thoughtTokens } from '../domain/tokens.ts';
import type { HeardEvent } from '../model/events.ts';
import type { MeteredRequest, RequestSize } from '../model/meter.ts';
import { modelPrices } from '../model/prices.ts';
import { stopwatch } from './stopwatch.ts';

/** One request, and what counts of it so far. */
export interface CountedRequest extends MeteredRequest {
  spending(): Spending;
  /** What a token costs that the model says or thinks next, or null where that is not known. */
  outputNanos(): number | null;
}

/**
 * A request counts by what the model reports, once all of its answer has come and if that can be believed; until then by
 * the larger of that and of our estimate. What the model thinks is estimated by how long it does, because its words, if
 * there are any, are a summary.
 */
export function countedRequest(size: RequestSize, now: () => number): CountedRequest {
  const prices = modelPrices();
  const thinking = stopwatch(now);
  let state: 'unsent' | 'sent' | 'ended' | 'refused' = 'unsent';
  let reported: TokenUsage = NO_USAGE;
  let isBelieved = false;
  let said = 0;

  const usage = (): TokenUsage & Pick<Spending, 'isEstimate'> => {
    if (state === 'ended' && isBelieved) return { ...reported, isEstimate: false };
    return estimateOf({
      reported,
      promptTokens: isBelieved && reported.promptTokens > 0 ? 0 : size.inputTokens,
      saidTokens: Math.ceil(said),
      thinkingTokens: Math.min(thoughtTokens(thinking.ms()), size.outputTokens),
    });
  };
  const rates = ({ promptTokens }: TokenUsage) => ratesOf(prices, size.model, promptTokens);

  return {
    sent: () => (state = 'sent'),
    refused: () => (state = 'refused'),
    ended: () => (state = 'ended'),
    stopped: () => thinking.stop(),
    hear: (event) => {
      if (event.type === 'usage') reported = event.usage;
      if (event.type === 'usage' || event.type === 'no-usage') isBelieved = event.type === 'usage';
      if (event.type !== 'thinking') said += tokensIn(event);
      else if (event.state === 'started') thinking.start();
      else if (event.state === 'ended') thinking.stop();
    },
    spending: () => {
      if (state === 'unsent' || state === 'refused') return NO_SPENDING;
      const used = usage();
      return { ...used, model: size.model, costNanos: costOf(used, rates(used)) };
    },
    outputNanos: () => rates(usage())?.output ?? null,
  };
}

interface Estimate {
  readonly reported: TokenUsage;
  readonly promptTokens: number;
  readonly saidTokens: number;
  readonly thinkingTokens: number;
}

function estimateOf({
  reported,
  saidTokens,
  ...estimate
}: Estimate): TokenUsage & Pick<Spending, 'isEstimate'> {
  const promptTokens = Math.max(reported.promptTokens, estimate.promptTokens);
  const thinkingTokens = Math.max(reported.thinkingTokens, estimate.thinkingTokens);
  const completionTokens = Math.max(reported.completionTokens, saidTokens + thinkingTokens);
  const isEstimate = promptTokens > reported.promptTokens || completionTokens > reported.completionTokens;
  return { ...reported, promptTokens, thinkingTokens, completionTokens, isEstimate };
}

/** What a model says costs, be it text or an argument of a call. */
function tokensIn(event: HeardEvent): number {
  if ('text' in event) return likelyTokens(event.text);
  return event.type === 'call' ? likelyTokens(event.name) : 0;
}
