import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import { estimatedTokens } from '../domain/tokens.ts';
import type { RequestSize } from './meter.ts';

/** What a request may come to. Its JSON is rather more than what the model reads of it. */
export function sizeOf({ model, system, tools, messages, max_tokens }: MessageCreateParamsBase): RequestSize {
  return {
    model,
    inputTokens: estimatedTokens(JSON.stringify({ system, tools, messages })),
    outputTokens: max_tokens,
  };
}
