import type {
  MessageParam,
  ToolResultBlockParam,
  ToolUseBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Message, ToolCall } from '../domain/message.ts';

/**
 * An answer with tool calls as the Messages API wants it: for each round what was said before it with the calls, then
 * their outcomes as the user's; at last the rest of the text. The API refuses a call without its outcome, and text
 * without a visible character.
 */
export function roundParams({ text, toolCalls }: Pick<Message, 'text' | 'toolCalls'>): MessageParam[] {
  const calls = toolCalls ?? [];
  const rounds = [...new Set(calls.map(({ round }) => round))].map((round) =>
    calls.filter((call) => call.round === round),
  );
  let start = 0;
  const params = rounds.flatMap((round): MessageParam[] => {
    const end = round[0]?.textLength ?? start;
    const before = textBlocks(text.slice(start, end));
    start = end;
    return [
      { role: 'assistant', content: [...before, ...round.map(callBlock)] },
      { role: 'user', content: round.map(outcomeBlock) },
    ];
  });
  const rest = text.slice(start);
  return rest.trim() === '' ? params : [...params, { role: 'assistant', content: rest }];
}

function textBlocks(text: string) {
  return text.trim() === '' ? [] : [{ type: 'text' as const, text }];
}

function callBlock({ id, name, arguments: input }: ToolCall): ToolUseBlockParam {
  return { type: 'tool_use', id, name, input };
}

function outcomeBlock({ id, result, error }: ToolCall): ToolResultBlockParam {
  const outcome = { type: 'tool_result', tool_use_id: id } as const;
  return result === null
    ? { ...outcome, is_error: true, content: error ?? 'no result' }
    : { ...outcome, content: JSON.stringify(result) };
}
