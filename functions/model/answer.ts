import type { Message as ModelMessage, MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';
import type { Message, NewMessage, TokenUsage } from '../domain/message.ts';
import { modelConfiguration } from './configuration.ts';
import { forgetModelKey, modelKey } from './key.ts';
import { requestOf } from './request.ts';

/** The SDK's retries, for refusals before anything was said; they share the one time limit. */
const MAX_RETRIES = 2;

interface Asking {
  readonly model: string;
  /** For everything: the key, connecting, retries and the answer. */
  readonly timeoutMs: number;
  readonly context: Context;
}

/**
 * Asks the model for the next message of a conversation.
 *
 * @param history oldest first, the last one the user's
 * @throws when there is no answer in time, the model's service fails, its key is not set or refused, or it says nothing
 */
export async function answerTo(
  history: readonly Message[],
  { model, timeoutMs, context }: Asking,
): Promise<NewMessage> {
  const startedAtMs = context.now();
  const request = requestOf(history, { model, maxTokens: modelConfiguration().maxTokens });
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    // The signal ends requests but not the SDK's pause before a retry, so the limit is kept here too.
    const answer = await Promise.race([
      askWithKey(request, { signal, timeoutMs, context }),
      rejectWhen(signal),
    ]);
    context.measure(tokensOf(answer.usage));
    return toMessage(answer);
  } catch (error) {
    context.measure({ modelFailures: 1 });
    throw error;
  } finally {
    context.measure({ modelMs: context.now() - startedAtMs });
  }
}

interface Attempt extends Omit<Asking, 'model'> {
  readonly signal: AbortSignal;
}

/** Asks with the key at hand, and once more with the one in the secret where that is another: keys are replaced. */
async function askWithKey(request: MessageCreateParamsBase, attempt: Attempt): Promise<ModelMessage> {
  const key = await modelKey(attempt.context);
  try {
    return await ask(request, { ...attempt, key });
  } catch (error) {
    if (!isKeyRefused(error)) throw error;
    forgetModelKey();
    const stored = await modelKey(attempt.context);
    if (stored === key) throw error;
    return await ask(request, { ...attempt, key: stored });
  }
}

async function ask(
  request: MessageCreateParamsBase,
  { signal, timeoutMs, key }: Omit<Attempt, 'context'> & { key: string },
): Promise<ModelMessage> {
  // Loading the SDK costs a third of a cold start, so only what asks the model loads it, and only then.
  const { default: Anthropic } = await import('@anthropic-ai/sdk');
  const client = new Anthropic({ apiKey: key, logLevel: 'off', openTelemetry: false });
  return client.messages
    .stream(request, { signal, timeout: timeoutMs, maxRetries: MAX_RETRIES })
    .finalMessage();
}

function isKeyRefused(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 401;
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

function tokensOf(usage: ModelMessage['usage']) {
  const { promptTokens, completionTokens } = usageOf(usage);
  return {
    tokensIn: promptTokens,
    tokensOut: completionTokens,
    tokensCached: usage.cache_read_input_tokens ?? 0,
  };
}
