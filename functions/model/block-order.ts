import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';

/** What comes of a block that is not told yet. */
interface WaitingBlock {
  readonly index: number;
  readonly events: RawMessageStreamEvent[];
  isStopped: boolean;
}

/** Puts the events of a stream into the order of its blocks. */
export interface BlockOrder {
  /** @returns the events that may be told by now */
  readonly take: (event: RawMessageStreamEvent) => RawMessageStreamEvent[];
  /** @returns all that still wait: the stream has broken off */
  readonly rest: () => RawMessageStreamEvent[];
}

/**
 * The events of a block belong to it by their `index` (platform.claude.com, "Streaming messages"): blocks may come side by
 * side, but what is said has one order. So a block is told as it comes when all before it are whole, and waits otherwise.
 * An index that begins again is another block, and text for a block that never began begins one.
 */
export function blockOrder(): BlockOrder {
  const waiting: WaitingBlock[] = [];

  /** Tells what waits of the first block, and of those after it as long as the first is whole. */
  const ready = (all: boolean) => {
    const told: RawMessageStreamEvent[] = [];
    for (;;) {
      const [first] = waiting;
      if (!first) return told;
      told.push(...first.events.splice(0));
      if (!all && !first.isStopped) return told;
      waiting.shift();
    }
  };

  const begin = (event: RawMessageStreamEvent, index: number) => {
    for (const open of waiting) open.isStopped ||= open.index === index;
    // Before the first one that comes after it, but never before the one that is told already.
    const place = waiting.findIndex((each, at) => at > 0 && each.index > index);
    waiting.splice(place === -1 ? waiting.length : place, 0, { index, events: [event], isStopped: false });
  };

  const add = (event: RawMessageStreamEvent & { readonly index: number }) => {
    const open = waiting.findLast((each) => each.index === event.index && !each.isStopped);
    if (open) {
      open.events.push(event);
      open.isStopped = event.type === 'content_block_stop';
    } else if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      const { index } = event;
      begin(
        { type: 'content_block_start', index, content_block: { type: 'text', text: '', citations: null } },
        index,
      );
      add(event);
    }
  };

  return {
    take: (event) => {
      if (!('index' in event)) return event.type === 'message_delta' ? [...ready(true), event] : [event];
      if (event.type === 'content_block_start') begin(event, event.index);
      else add(event);
      return ready(false);
    },
    rest: () => ready(true),
  };
}
