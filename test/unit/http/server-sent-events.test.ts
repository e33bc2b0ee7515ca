import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Frame, serverSentEvents } from '../../../functions/http/server-sent-events.ts';
import { splitLines } from '../../support/split-lines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const SAID = { event: 'delta', id: 'x:1', data: { text: 'A' } };

/** Frames that come when they are said. */
function frames() {
  const said: PromiseWithResolvers<Frame>[] = [];
  const place = (index: number) => (said[index] ??= Promise.withResolvers<Frame>());
  return {
    say: (index: number) => place(index).resolve(SAID),
    async *[Symbol.asyncIterator]() {
      for (let index = 0; ; index += 1) yield await place(index).promise;
    },
  };
}

test('a comment is sent for every 15 seconds in which nothing else is', async () => {
  const given = frames();
  const sent: string[] = [];
  const sending = (async () => {
    for await (const text of serverSentEvents(given)) {
      sent.push(text);
      if (sent.length === 5) return;
    }
  })();
  await vi.advanceTimersByTimeAsync(14_999);
  expect(sent).toEqual(['retry: 1000\n\n']);
  await vi.advanceTimersByTimeAsync(1);
  expect(sent.slice(1)).toEqual([':\n\n']);
  await vi.advanceTimersByTimeAsync(14_000);
  given.say(0);
  await vi.advanceTimersByTimeAsync(14_999); // since the frame
  expect(sent.slice(2)).toEqual(['id: x:1\nevent: delta\ndata: {"text":"A"}\n\n']);
  await vi.advanceTimersByTimeAsync(1 + 15_000);
  expect(sent.slice(3)).toEqual([':\n\n', ':\n\n']);
  await sending;
  expect(vi.getTimerCount()).toBe(0);
});

test('no character in a text begins a line, for readers that know more ends of a line than the standard, too', async () => {
  vi.useRealTimers();
  for (let from = 0; from < 0x1_00_00; from += 0x1_00) {
    const text = String.fromCharCode(...Array.from({ length: 0x1_00 }, (_, index) => from + index));
    const data = { [text]: [text, { text }] };
    const sent: string[] = [];
    for await (const frame of serverSentEvents(only({ event: 'delta', id: 'x:1', data }))) sent.push(frame);
    const lines = splitLines(sent.at(-1) ?? '');
    expect(lines.slice(0, 2)).toEqual(['id: x:1', 'event: delta']);
    expect(JSON.parse(lines[2]?.slice('data: '.length) ?? '')).toEqual(data);
    expect(lines.slice(3)).toEqual(['']);
  }
});

async function* only(frame: Frame): AsyncGenerator<Frame> {
  yield frame;
}
