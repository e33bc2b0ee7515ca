import type { ContentBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { isBlank } from '../domain/words.ts';

/** A part of what a model has said, as it goes back to it: text, a call, or a thought that must stay as it is. */
export type AnswerBlock = ContentBlockParam;

/** Whether a block is a thought, which goes back as it came, or not at all. */
export function isThought({ type }: AnswerBlock): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}

/**
 * Blocks that may go back to the Messages API, but for the names of calls: it refuses text that is blank, half a character
 * anywhere, and blocks of tools that no request of ours has. A thought is bound to what was before it ("Preserved
 * thinking"), so what comes after a block that is mended or left out is left out as well.
 */
export function sendableBlocks(blocks: readonly AnswerBlock[]): AnswerBlock[] {
  const sendable: AnswerBlock[] = [];
  let isUnchanged = true;
  for (const block of blocks.some(isThought) ? blocks : joined(blocks)) {
    const mended: AnswerBlock | null = isThought(block) && !isUnchanged ? null : sendableBlock(block);
    isUnchanged &&= mended === block;
    if (mended) sendable.push(mended);
  }
  return sendable;
}

/** Text in one block where several follow each other: so it is sent once the answer is stored, and its cache is hit. */
export function joined(content: readonly AnswerBlock[]): AnswerBlock[] {
  const blocks: AnswerBlock[] = [];
  for (const block of content) {
    const last = blocks.at(-1);
    if (block.type === 'text' && last?.type === 'text')
      blocks.splice(-1, 1, { type: 'text', text: last.text + block.text });
    else blocks.push(block);
  }
  return blocks;
}

/** Blocks without those of text that is blank. */
export function withoutBlank(blocks: readonly AnswerBlock[]): AnswerBlock[] {
  return blocks.filter((block) => block.type !== 'text' || !isBlank(block.text));
}

/** The same block where nothing is wrong with it. */
function sendableBlock(block: AnswerBlock): AnswerBlock | null {
  switch (block.type) {
    case 'text': {
      if (isBlank(block.text)) return null;
      return block.text.isWellFormed() ? block : { ...block, text: block.text.toWellFormed() };
    }
    case 'thinking':
      return block.signature !== '' && block.thinking.isWellFormed() ? block : null;
    case 'redacted_thinking':
    case 'tool_use': // what it is called with is taken from where it is stored
      return block;
    default:
      return null;
  }
}
