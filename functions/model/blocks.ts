import type {
  ContentBlockParam,
  RawContentBlockDeltaEvent,
  RawContentBlockStartEvent,
} from '@anthropic-ai/sdk/resources/messages';
import { isJsonObject, parseExact } from '../domain/exact-json.ts';
import type { FreeJson } from '../domain/json.ts';
import { FREE_JSON_DEPTH } from '../domain/limits.ts';

/** A part of what a model has said, as it goes back to it: text, a call, or a thought that must stay as it is. */
export type AnswerBlock = ContentBlockParam;

/**
 * A block while it comes. The SDK's own accumulator reads what a tool is called with by `JSON.parse`, which changes
 * numbers; everything else is put together as it does.
 */
export interface ComingBlock {
  readonly add: (delta: RawContentBlockDeltaEvent['delta']) => void;
  /** The block as it is by now. */
  readonly block: () => AnswerBlock;
  /** What a tool is called with, or null where that is not a JSON object, or nests too deep. */
  readonly input: () => FreeJson | null;
}

export function comingBlock({ content_block: begun }: RawContentBlockStartEvent): ComingBlock {
  let block = { ...begun } as AnswerBlock; // what the service has said may be said to it
  let json = '';
  const input = () => objectIn(json === '' && 'input' in begun ? JSON.stringify(begun.input) : json);
  return {
    add: (delta) => {
      if (delta.type === 'input_json_delta') json += delta.partial_json;
      if (delta.type === 'text_delta' && block.type === 'text')
        block = { ...block, text: block.text + delta.text };
      if (delta.type === 'thinking_delta' && block.type === 'thinking')
        block = { ...block, thinking: block.thinking + delta.thinking };
      if (delta.type === 'signature_delta' && block.type === 'thinking')
        block = { ...block, signature: delta.signature };
    },
    block: () => ('input' in block ? { ...block, input: input() ?? {} } : block),
    input,
  };
}

function objectIn(json: string): FreeJson | null {
  try {
    const value = parseExact(json, FREE_JSON_DEPTH);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Blocks without those of text that is blank, which the Messages API refuses. */
export function withoutBlank(blocks: readonly AnswerBlock[]): AnswerBlock[] {
  return blocks.filter((block) => block.type !== 'text' || block.text.trim() !== '');
}
