import type { MessageCreateParamsBase, MessageParam } from '@anthropic-ai/sdk/resources/messages';
import { brokenBlockRule, isBlankText } from './block-rules.ts';
import { brokenToolRule } from './tool-rules.ts';

type Request = Pick<MessageCreateParamsBase, 'messages' | 'system' | 'tools'>;

/**
 * What the Messages API would refuse a request for (platform.claude.com: "Messages", "Tool use", "Mid-conversation system
 * messages"): the user begins and ends, no text is blank, the next message after a call has its outcome and no message
 * has another's, no two calls have one id (trycua/cua#524: "`tool_use` ids must be unique"), and a system message stands
 * between the user and an answer. What a single block must be is in block-rules.ts.
 *
 * @returns the first rule that is broken, or null
 */
export function brokenRule(request: Request): string | null {
  const { messages, system } = request;
  if (messages[0]?.role !== 'user') return 'the first message is the user’s';
  if (messages.at(-1)?.role !== 'user') return 'the last message is the user’s';
  if (Array.isArray(system) && system.some(({ text }) => isBlankText(text)))
    return 'system text is not blank';
  const brokenByTools = brokenToolRule(request);
  if (brokenByTools !== null) return brokenByTools;
  const callIds = messages.flatMap(callsIn);
  if (new Set(callIds).size < callIds.length) return 'ids of calls are unique';
  for (const [index, message] of messages.entries()) {
    const broken = ruleBrokenBy(message, messages[index - 1], messages[index + 1]);
    if (broken) return `messages[${index}]: ${broken}`;
  }
  return null;
}

function ruleBrokenBy(
  message: MessageParam,
  before: MessageParam | undefined,
  after: MessageParam | undefined,
): string | null {
  const { role, content } = message;
  if (content.length === 0) return 'content is not empty';
  if (typeof content === 'string' && isBlankText(content)) return 'text is not blank';
  const broken = typeof content === 'string' ? null : content.map(brokenBlockRule).find(Boolean);
  if (broken) return broken;
  if (role === 'system' && (before?.role !== 'user' || after?.role !== 'assistant'))
    return 'system text follows the user and precedes an answer';
  if (role !== 'assistant' && callsIn(message).length > 0) return 'only the assistant calls';
  if (role !== 'user' && outcomesIn(message).length > 0) return 'only the user has outcomes';
  const [calls, outcomes] = [before ? callsIn(before) : [], outcomesIn(message)];
  return calls.toString() === outcomes.toString()
    ? null
    : `calls ${calls.join()} have outcomes ${outcomes.join()}`;
}

function callsIn({ content }: MessageParam): string[] {
  return typeof content === 'string'
    ? []
    : content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
}

function outcomesIn({ content }: MessageParam): string[] {
  return typeof content === 'string'
    ? []
    : content.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
}
