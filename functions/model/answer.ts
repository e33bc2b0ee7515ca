import type { Message as ModelMessage } from '@anthropic-ai/sdk/resources/messages';
import { ParleyError } from '../domain/errors.ts';
import type { Message, NewMessage, TokenUsage } from '../domain/message.ts';
import { modelConfiguration } from './configuration.ts';
import { requestOf } from './request.ts';

/** The SDK's retries, for refusals before anything was said; they share the one time limit. */
const MAX_RETRIES = 2;

/**
 * Asks the model for the next message of a conversation.
 *
 * @param history oldest first, the last one the user's
 * @param timeoutMs for everything: connecting, retries and the answer
 * @throws when there is no answer in time, the model's service fails, or it says nothing
 */
export async function answerTo(
  history: readonly Message[],
  { model, timeoutMs }: { model: string; timeoutMs: number },
): Promise<NewMessage> {
  const request = requestOf(history, { model, maxTokens: modelConfiguration().maxTokens });
  const signal = AbortSignal.timeout(timeoutMs);
  const client = await openClient();
  // The signal ends requests but not the SDK's pause before a retry, so the limit is kept here too.
  const answer = client.messages
    .stream(request, { signal, timeout: timeoutMs, maxRetries: MAX_RETRIES })
    .finalMessage();
  return toMessage(await Promise.race([answer, rejectWhen(signal)]));
}

/** Loading the SDK costs a third of a cold start, so only what asks the model loads it, and only then. */
async function openClient() {
  const { default: Anthropic } = await import('@anthropic-ai/sdk');
  return new Anthropic({ logLevel: 'off', openTelemetry: false });
}

function rejectWhen(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

function toMessage({ content, usage, stop_reason }: ModelMessage): NewMessage {
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  if (text.trim() === '') throw silence(stop_reason);
  const metadata = stop_reason === 'end_turn' ? {} : { incomplete_reason: stop_reason };
  return { role: 'assistant', text, author: null, toolCalls: null, usage: usageOf(usage), metadata };
}

function silence(stopReason: string | null): ParleyError {
  return new ParleyError('internal_error', `The model said nothing (${stopReason ?? 'no stop reason'})`);
}

/** What was read from and written to the prompt cache was input too. */
function usageOf(usage: ModelMessage['usage']): TokenUsage {
  const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
  return { promptTokens: usage.input_tokens + cached, completionTokens: usage.output_tokens };
}
