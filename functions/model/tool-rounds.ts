import type {
  MessageParam,
  TextBlockParam,
  ToolResultBlockParam,
  ToolUseBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Message, ToolCall } from '../domain/message.ts';
import { type AnswerBlock, withoutBlank } from './blocks.ts';

/** A request of an answer that is being made: what the model said and thought, and what became of its calls. */
export interface Round {
  readonly blocks: readonly AnswerBlock[];
  readonly calls: readonly ToolCall[];
}

/**
 * Rounds of the answer that is being made, as the Messages API wants them. Thoughts go back as they came: their
 * signatures are bound to themselves and to everything before them (platform.claude.com, "Preserved thinking").
 */
export function openRoundParams({ blocks, calls }: Round): MessageParam[] {
  const content = blocks.map((block) => essentialOf(block, calls));
  const hasThoughts = content.some(({ type }) => type === 'thinking' || type === 'redacted_thinking');
  return [
    { role: 'assistant', content: withoutBlank(hasThoughts ? content : joined(content)) },
    { role: 'user', content: calls.map(outcomeBlock) },
  ];
}

/** A block without what the service adds to it. What a tool was called with is what is stored: numbers keep all digits. */
function essentialOf(block: AnswerBlock, calls: readonly ToolCall[]): AnswerBlock {
  if (block.type === 'text') return { type: 'text', text: block.text };
  const call = block.type === 'tool_use' && calls.find(({ id }) => id === block.id);
  return call ? callBlock(call) : block;
}

/** Text in one block where several follow each other: so it is sent once the answer is stored, and its cache is hit. */
function joined(content: readonly AnswerBlock[]): AnswerBlock[] {
  const blocks: AnswerBlock[] = [];
  for (const block of content) {
    const last = blocks.at(-1);
    if (block.type === 'text' && last?.type === 'text')
      blocks.splice(-1, 1, { type: 'text', text: last.text + block.text });
    else blocks.push(block);
  }
  return blocks;
}

/**
 * A stored answer with tool calls as the Messages API wants it: for each round what was said before it with the calls,
 * then their outcomes as the user's; at last the rest of the text. The API refuses a call without its outcome, and text
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

function textBlocks(text: string): TextBlockParam[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
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
