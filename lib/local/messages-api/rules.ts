import type { MessageCreateParamsBase, MessageParam } from '@anthropic-ai/sdk/resources/messages';
import { brokenRule } from './message-rules.ts';
import { brokenSetting, factsOf } from './models.ts';
import { brokenBreakpoint } from './prompt-cache.ts';
import { brokenThinking } from './thinking.ts';

/** What the messages were of the requests in which a model paused. */
const paused = new Set<string>();

/** Remembers that a model has paused: what it said so far may end the next request. */
export function rememberPause({ messages }: MessageCreateParamsBase): void {
  paused.add(JSON.stringify(withoutPaused(messages)));
}

/** For what the Messages API would refuse a whole request with 400 `invalid_request_error`, or null. */
export function refusalOf(request: MessageCreateParamsBase): string | null {
  const { model, messages } = request;
  const asked = withoutPaused(messages);
  const isPrefilled = asked.length < messages.length && !paused.has(JSON.stringify(asked));
  if (isPrefilled && factsOf(model).isStrict)
    return 'messages: this model does not support assistant message prefill';
  return (
    brokenLength(request) ??
    brokenSetting(request) ??
    brokenBreakpoint(request) ??
    brokenRule({ ...request, messages: asked }) ??
    brokenThinking(request)
  );
}

function withoutPaused(messages: readonly MessageParam[]): MessageParam[] {
  return messages.slice(0, messages.at(-1)?.role === 'assistant' ? -1 : undefined);
}

/** A token is taken for four characters: of any real text there are more. */
function brokenLength({ model, system, tools, messages }: MessageCreateParamsBase): string | null {
  const tokens = Math.ceil(JSON.stringify({ system, tools, messages }).length / 4);
  const { contextTokens } = factsOf(model);
  return tokens > contextTokens ? `prompt is too long: ${tokens} tokens > ${contextTokens} maximum` : null;
}
