import type { TokenUsage } from '../domain/message.ts';
import { NO_USAGE, tokensOfBytes } from '../domain/tokens.ts';
import type { HeardEvent } from '../model/events.ts';
import type { MeteredRequest, RequestSize } from '../model/meter.ts';
import { type Count, largerCount, NOTHING } from './count.ts';

/** One request, and what counts of it so far. */
export interface CountedRequest extends MeteredRequest {
  count(): Count;
}

/**
 * A request counts by what the model reports, once all of its answer has come and if that can be believed; until then by
 * the larger of that and of our estimate.
 */
export function countedRequest({ inputTokens }: RequestSize): CountedRequest {
  let state: 'unsent' | 'sent' | 'ended' | 'refused' = 'unsent';
  let reported: TokenUsage = NO_USAGE;
  let isBelieved = false;
  let saidBytes = 0;
  return {
    sent: () => (state = 'sent'),
    refused: () => (state = 'refused'),
    ended: () => (state = 'ended'),
    hear: (event) => {
      if (event.type === 'usage') reported = event.usage;
      if (event.type === 'usage' || event.type === 'no-usage') isBelieved = event.type === 'usage';
      saidBytes += bytesIn(event);
    },
    count: () => {
      if (state === 'unsent' || state === 'refused') return NOTHING;
      if (state === 'ended' && isBelieved) return { ...reported, isEstimate: false };
      return largerCount(reported, { promptTokens: inputTokens, completionTokens: tokensOfBytes(saidBytes) });
    },
  };
}

/** What a model says costs, be it spoken, thought or an argument of a call. */
function bytesIn(event: HeardEvent): number {
  if ('text' in event) return Buffer.byteLength(event.text);
  return event.type === 'call' ? Buffer.byteLength(event.name) : 0;
}
