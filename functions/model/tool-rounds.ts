import type {
  MessageParam,
  TextBlockParam,
  ToolResultBlockParam,
  ToolUseBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Message, ToolCall } from '../domain/message.ts';
import { isBlank } from '../domain/words.ts';
import { type AnswerBlock, isThought, joined, withoutBlank } from './blocks.ts';
import type { CallNames } from './call-names.ts';
import { sendableJson, wellFormedJson } from './sendable-json.ts';

/** A request of an answer that is being made: what the model said and thought, and what became of its calls. */
export interface Round {
  /** As they are sendable (blocks.ts), but for the names of calls. */
  readonly blocks: readonly AnswerBlock[];
  /** One for each block that calls a tool, in the same order. */
  readonly calls: readonly ToolCall[];
}

/**
 * Rounds of the answer that is being made, as the Messages API wants them. Thoughts go back as they came: their
 * signatures are bound to themselves and to everything before them (platform.claude.com, "Preserved thinking"). So one
 * that came after a call which is named otherwise now is left out.
 */
export function openRoundParams({ blocks, calls }: Round, names: CallNames): MessageParam[] {
  const named = namedCalls(calls, names);
  const content: AnswerBlock[] = [];
  let isUnchanged = true;
  let called = 0;
  for (const block of blocks) {
    if (block.type === 'tool_use') {
      const call = named[called];
      called += 1;
      if (!call) continue;
      const sent = callBlock(call);
      isUnchanged &&=
        JSON.stringify({ ...sent }) ===
        JSON.stringify({ ...sent, id: block.id, name: block.name, input: block.input });
      content.push(sent);
    } else if (block.type === 'text') content.push({ type: 'text', text: block.text });
    else if (isUnchanged) content.push(block);
  }
  return [
    { role: 'assistant', content: withoutBlank(content.some(isThought) ? content : joined(content)) },
    { role: 'user', content: named.map(outcomeBlock) },
  ];
}

/**
 * A stored answer with tool calls as the Messages API wants it: for each round what was said before it with the calls,
 * then their outcomes as the user's; at last the rest of the text. The API refuses a call without its outcome, and text
 * without a visible character.
 */
export function roundParams(
  { text, toolCalls }: Pick<Message, 'text' | 'toolCalls'>,
  names: CallNames,
): MessageParam[] {
  const calls = namedCalls(toolCalls ?? [], names);
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
  return isBlank(rest) ? params : [...params, { role: 'assistant', content: rest.toWellFormed() }];
}

function textBlocks(text: string): TextBlockParam[] {
  return isBlank(text) ? [] : [{ type: 'text', text: text.toWellFormed() }];
}

/** Calls with the names that the Messages API takes, for a call and its outcome alike. */
function namedCalls(calls: readonly ToolCall[], { idOf, nameOf }: CallNames): ToolCall[] {
  return calls.map((call) => ({ ...call, id: idOf(call.id), name: nameOf(call.name) }));
}

/** What a tool was called with is what is stored: numbers keep all digits. */
function callBlock({ id, name, arguments: input }: ToolCall): ToolUseBlockParam {
  return { type: 'tool_use', id, name, input: sendableJson(input) };
}

/** The API refuses a failure without words. */
function outcomeBlock({ id, result, error, endedAtMs }: ToolCall): ToolResultBlockParam {
  const outcome = { type: 'tool_result', tool_use_id: id } as const;
  if (result !== null) return { ...outcome, content: JSON.stringify(wellFormedJson(result)) };
  if (error === null && endedAtMs !== null) return outcome; // a success without a result
  const words = error === null || isBlank(error) ? 'no result' : error.toWellFormed();
  return { ...outcome, is_error: true, content: words };
}
