import type { Thought } from './thinking.ts';

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
