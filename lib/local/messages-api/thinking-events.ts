import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';
import { type Thought, thoughtFor } from './thinking.ts';

const PING = { type: 'ping' } as const;
const PIECE = /[\s\S]{1,20}/gu;

/** A block of thinking as it is streamed: pings and its words, where they are shown, and at last the signature. */
export function thinkingBlock({ thinking, signature }: Thought, index = 0): object[] {
  const delta = (change: object) => ({ type: 'content_block_delta', index, delta: change });
  return [
    {
      type: 'content_block_start',
      index,
      content_block: { type: 'thinking', thinking: '', signature: '' },
    },
    PING,
    ...(thinking.match(PIECE) ?? []).map((words) => delta({ type: 'thinking_delta', thinking: words })),
    PING,
    delta({ type: 'signature_delta', signature }),
    { type: 'content_block_stop', index },
  ];
}

/** What a model streams before it says anything to this request: nothing where it does not think. */
export function thinkingBefore(request: MessageCreateParamsBase): object[] {
  const thought = thoughtFor(request);
  return thought ? thinkingBlock(thought) : [];
}
