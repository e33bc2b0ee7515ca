import { setTimeout as wait } from 'node:timers/promises';
import type {
  MessageCreateParamsBase,
  MessageDeltaUsage,
  RawMessageStreamEvent,
  StopReason,
  Usage,
} from '@anthropic-ai/sdk/resources/messages';
import { isJsonObject, parseExact } from '../domain/exact-json.ts';
import type { FreeJson } from '../domain/json.ts';
import type { TokenUsage } from '../domain/message.ts';
import { addUsage, NO_USAGE } from '../domain/tokens.ts';
import { type Asking, attempt } from './attempt.ts';
import { retryDelayMs } from './retry.ts';

/** A call of a tool that a model asks for. */
export interface ModelCall {
  readonly id: string;
  readonly name: string;
  /** Null where it is no JSON object. */
  readonly arguments: FreeJson | null;
}

/** What a model says, piece by piece: text, calls of tools, the usage so far, and at last why it stopped. */
export type ModelEvent =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'usage'; readonly usage: TokenUsage }
  | ({ readonly type: 'call' } & ModelCall)
  | { readonly type: 'end'; readonly reason: StopReason };

/** A paused turn is continued this often: the model pauses when its own tools take long, and it has none here. */
const MAX_PAUSES = 3;

/**
 * Asks the model and hands on what it says as it says it. What fails before anything was said is tried again, at most
 * twice and within the time that is left; afterwards a second attempt would say something else.
 *
 * @throws what ended the last attempt, without an `end` event
 */
export async function* streamAnswer(
  request: MessageCreateParamsBase,
  asking: Asking,
): AsyncGenerator<ModelEvent> {
  let text = '';
  let usage = NO_USAGE;
  let reason: StopReason = 'pause_turn';
  for (let pauses = 0; reason === 'pause_turn' && pauses <= MAX_PAUSES; pauses += 1) {
    const soFar = text === '' ? [] : [{ role: 'assistant' as const, content: text }];
    const whole = { ...request, messages: [...request.messages, ...soFar] };
    const before = usage;
    for await (const event of withRetries(whole, asking)) {
      if (event.type === 'text') {
        text += event.text;
        yield event;
      } else if (event.type === 'usage') {
        usage = addUsage(before, event.usage);
        yield { type: 'usage', usage };
      } else if (event.type === 'call') yield event;
      else ({ reason } = event);
    }
  }
  yield { type: 'end', reason };
}

async function* withRetries(request: MessageCreateParamsBase, asking: Asking): AsyncGenerator<ModelEvent> {
  for (let retries = 0; ; retries += 1) {
    let hasSpoken = false;
    try {
      for await (const event of eventsOf(attempt(request, asking))) {
        hasSpoken ||= event.type === 'text' || event.type === 'call';
        yield event;
      }
      return;
    } catch (error) {
      asking.signal.throwIfAborted();
      const remainingMs = asking.remainingMs();
      const delayMs = hasSpoken ? null : retryDelayMs(error, { retries, remainingMs });
      if (delayMs === null) throw error;
      await wait(delayMs, undefined, { signal: asking.signal });
    }
  }
}

async function* eventsOf(stream: AsyncIterable<RawMessageStreamEvent>): AsyncGenerator<ModelEvent> {
  let input: Usage | undefined;
  let call: { id: string; name: string; json: string } | null = null;
  for await (const event of stream) {
    switch (event.type) {
      case 'message_start':
        input = event.message.usage;
        yield { type: 'usage', usage: usageOf(input, input) };
        break;
      case 'content_block_start': {
        const { content_block: block } = event;
        call = block.type === 'tool_use' ? { id: block.id, name: block.name, json: '' } : null;
        break;
      }
      case 'content_block_delta':
        if (event.delta.type === 'text_delta') yield { type: 'text', text: event.delta.text };
        if (event.delta.type === 'input_json_delta' && call) call.json += event.delta.partial_json;
        break;
      case 'content_block_stop':
        if (call) yield { type: 'call', id: call.id, name: call.name, arguments: objectIn(call.json) };
        call = null;
        break;
      case 'message_delta':
        yield { type: 'usage', usage: usageOf(event.usage, input) };
        if (event.delta.stop_reason) yield { type: 'end', reason: event.delta.stop_reason };
        break;
      default: // the end of the stream is looked for where it is read
    }
  }
}

/** The arguments of a call; a tool without any is sent none. */
function objectIn(json: string): FreeJson | null {
  try {
    const value = parseExact(json === '' ? '{}' : json);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Usage is cumulative; what a delta leaves out is as it was at the start. Read from or written to the cache is input too. */
function usageOf(now: Usage | MessageDeltaUsage, start: Usage | undefined): TokenUsage {
  const of = (name: 'input_tokens' | 'cache_read_input_tokens' | 'cache_creation_input_tokens') =>
    now[name] ?? start?.[name] ?? 0;
  const cachedTokens = of('cache_read_input_tokens');
  return {
    promptTokens: of('input_tokens') + cachedTokens + of('cache_creation_input_tokens'),
    completionTokens: now.output_tokens,
    cachedTokens,
  };
}
