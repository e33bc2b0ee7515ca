import type { RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { describe, expect, test } from 'vitest';
import { eventsOf, type HeardEvent } from '../../../functions/model/events.ts';
import { start } from '../../support/model-events.ts';

const begins = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
});
const delta = (index: number, change: object) => ({ type: 'content_block_delta', index, delta: change });
const says = (index: number, text: string) => delta(index, { type: 'text_delta', text });
const stops = (index: number) => ({ type: 'content_block_stop', index });
const END = [
  { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: {} },
  { type: 'message_stop' },
];
const TEXT = { type: 'text', text: '' };

/** What comes of a stream: all of it but for the usage. */
async function heard(...events: readonly object[]): Promise<HeardEvent[]> {
  const all: HeardEvent[] = [];
  const stream = async function* () {
    yield* [start(), ...events, ...END] as unknown as RawMessageStreamEvent[];
  };
  for await (const event of eventsOf(stream(), () => {})) all.push(event);
  return all.filter(({ type }) => type !== 'usage' && type !== 'no-usage');
}
const textOf = (events: readonly HeardEvent[]) =>
  events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
const blocksOf = (events: readonly HeardEvent[]) => {
  const end = events.at(-1);
  return end?.type === 'end' ? end.blocks : null;
};

describe('a block', () => {
  test.each<[string, object, object[]]>([
    ['text', { type: 'text', text: 'Hello' }, [{ type: 'text', text: 'Hello' }]],
    [
      'a thought',
      { type: 'thinking', thinking: 'Hm', signature: 'c2ln' },
      [
        { type: 'thinking', state: 'started' },
        { type: 'thinking', state: 'delta', text: 'Hm' },
        { type: 'thinking', state: 'ended' },
      ],
    ],
    [
      'a call',
      { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Rome' } },
      [{ type: 'call', id: 'toolu_1', name: 'weather', arguments: { city: 'Rome' } }],
    ],
  ])('that begins with all of %s has it', async (_what, block, expected) => {
    const events = await heard(begins(0, block), stops(0));
    expect(events.slice(0, -1)).toEqual(expected);
    expect(blocksOf(events)).toEqual([block]);
  });

  test('that does not end, ends with the answer, and a call among them is made', async () => {
    const call = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} };
    const events = await heard(
      begins(0, call),
      delta(0, { type: 'input_json_delta', partial_json: '{"a":' }),
    );
    expect(events).toContainEqual({ type: 'call', id: 'toolu_1', name: 'weather', arguments: null });
    expect(blocksOf(events)).toEqual([call]);
  });

  test('whose index comes again is another one', async () => {
    const one = [begins(0, TEXT), says(0, 'a '), stops(0)];
    const events = await heard(...one, begins(0, { type: 'thinking', thinking: '', signature: 's' }), ...one);
    expect(textOf(events)).toBe('a a ');
    expect(blocksOf(events)).toHaveLength(3);
  });

  test('that comes beside others is told behind those before it', async () => {
    const events = await heard(
      begins(0, TEXT),
      begins(2, TEXT),
      begins(1, TEXT),
      says(2, 'e'),
      says(1, 'c'),
      says(0, 'a'),
      stops(2),
      says(1, 'd'),
      says(0, 'b'),
      stops(0),
      stops(1),
    );
    expect(textOf(events)).toBe('abcde');
    expect(blocksOf(events)).toEqual([{ type: 'text', text: 'abcde' }]);
  });

  test('of text that never began is text', async () => {
    expect(textOf(await heard(says(3, 'a'), says(3, 'b')))).toBe('ab');
  });

  test('that waits for another is told when the stream breaks off', async () => {
    const told: HeardEvent[] = [];
    const broken = async function* () {
      yield* [
        start(),
        begins(0, TEXT),
        begins(1, TEXT),
        says(1, 'b'),
        says(0, 'a'),
      ] as RawMessageStreamEvent[];
      throw new Error('broken');
    };
    const reading = async () => {
      for await (const event of eventsOf(broken(), () => {})) told.push(event);
    };
    await expect(reading()).rejects.toThrow('broken');
    expect(textOf(told)).toBe('ab');
  });
});

describe('what goes back to the model', () => {
  const thought = { type: 'thinking', thinking: 'Hm', signature: 'c2ln' };
  const half = { type: 'text', text: 'half \ud83d' };
  const kept = async (...blocks: readonly object[]) =>
    blocksOf(await heard(...blocks.flatMap((block, index) => [begins(index, block), stops(index)])));

  test.each<[string, object[], object[]]>([
    ['a thought', [thought, { type: 'text', text: 'a' }], [thought, { type: 'text', text: 'a' }]],
    ['a thought without its proof', [{ ...thought, signature: '' }], []],
    ['a thought with half a character', [{ ...thought, thinking: '\ude00' }], []],
    ['a thought behind blank text', [{ type: 'text', text: '\u0085' }, thought], []],
    ['a thought behind what is mended', [half, thought], [{ type: 'text', text: 'half \ufffd' }]],
    ['a block that nobody asked for', [{ type: 'server_tool_use', id: 'srv_1', name: 'x', input: {} }], []],
  ])('is %s, as far as it can be sent', async (_what, blocks, expected) => {
    expect(await kept(...blocks)).toEqual(expected);
  });
});
