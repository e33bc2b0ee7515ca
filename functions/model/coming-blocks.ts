import type {
  ContentBlock,
  RawContentBlockDelta,
  RawMessageStreamEvent,
} from '@anthropic-ai/sdk/resources/messages';
import { isJsonObject, parseExact } from '../domain/exact-json.ts';
import type { FreeJson } from '../domain/json.ts';
import { FREE_JSON_DEPTH } from '../domain/limits.ts';
import type { AnswerBlock } from './blocks.ts';
import type { ModelEvent } from './events.ts';

/** The blocks of an answer while they come, one after another. */
interface ComingBlocks {
  /** What an event of a block means; at the answer's end its last block ends too. */
  readonly eventsOf: (event: RawMessageStreamEvent) => Generator<ModelEvent>;
  /** As they are by now. */
  readonly blocks: () => AnswerBlock[];
}

/**
 * Puts blocks together. The SDK's own accumulator reads what a tool is called with by `JSON.parse`, which changes numbers;
 * everything else is put together as it does. What a block begins with is the start of it; a service's words are believed
 * where they are texts, which its types promise and a proxy may break.
 */
export function comingBlocks(): ComingBlocks {
  const whole: AnswerBlock[] = [];
  let open: ComingBlock | null = null;

  function* end(): Generator<ModelEvent> {
    if (!open) return;
    const { block, input } = open;
    open = null;
    whole.push('input' in block ? { ...block, input: input() ?? {} } : block);
    if (block.type === 'thinking') yield { type: 'thinking', state: 'ended' };
    if (block.type === 'tool_use') yield { type: 'call', id: block.id, name: block.name, arguments: input() };
  }

  return {
    *eventsOf(event) {
      if (event.type === 'content_block_start') {
        yield* end();
        open = comingBlock(event.content_block);
        if (open.block.type === 'thinking') yield { type: 'thinking', state: 'started' };
        yield* saidBy(open.block);
      }
      if (event.type === 'content_block_delta' && open?.add(event.delta)) yield* saidBy(event.delta);
      if (event.type === 'content_block_stop' || event.type === 'message_delta') yield* end();
    },
    blocks: () => whole,
  };
}

/** A block that has begun. */
interface ComingBlock {
  readonly block: AnswerBlock;
  /** @returns whether this is a part of such a block */
  readonly add: (delta: RawContentBlockDelta) => boolean;
  /** What a tool is called with, or null where that is not a JSON object, or nests too deep. */
  readonly input: () => FreeJson | null;
}

function comingBlock(begun: ContentBlock): ComingBlock {
  const block = readable(begun);
  let json = '';
  return {
    block,
    add: (delta) => {
      if (delta.type === 'input_json_delta' && 'input' in block) json += textIn(delta.partial_json);
      else if (delta.type === 'text_delta' && block.type === 'text') block.text += textIn(delta.text);
      else if (delta.type === 'thinking_delta' && block.type === 'thinking')
        block.thinking += textIn(delta.thinking);
      else if (delta.type === 'signature_delta' && block.type === 'thinking')
        block.signature = textIn(delta.signature);
      else return false;
      return true;
    },
    input: () => objectIn(json === '' && 'input' in block ? JSON.stringify(block.input ?? {}) : json),
  };
}

/** A copy of a block as it begins, whose texts are texts: what the service has said may be said to it. */
function readable(begun: ContentBlock): AnswerBlock {
  const block = { ...begun } as AnswerBlock;
  if (block.type === 'text') block.text = textIn(block.text);
  if (block.type === 'thinking')
    Object.assign(block, { thinking: textIn(block.thinking), signature: textIn(block.signature) });
  if (block.type === 'tool_use') Object.assign(block, { id: textIn(block.id), name: textIn(block.name) });
  return block;
}

function* saidBy(said: AnswerBlock | RawContentBlockDelta): Generator<ModelEvent> {
  if ((said.type === 'text' || said.type === 'text_delta') && textIn(said.text) !== '')
    yield { type: 'text', text: said.text };
  if ((said.type === 'thinking' || said.type === 'thinking_delta') && textIn(said.thinking) !== '')
    yield { type: 'thinking', state: 'delta', text: said.thinking };
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function objectIn(json: string): FreeJson | null {
  try {
    const value = parseExact(json, FREE_JSON_DEPTH);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}
