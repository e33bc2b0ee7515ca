import { randomInt, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { startApi } from '../../support/api.ts';
import { allOf, eventsOf, textOf } from '../../support/events.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { workerInProcesses } from '../../support/run-function.ts';
import { KINDS } from '../../support/thread-kinds.ts';
import { threadOf } from '../../support/turns.ts';

/** In all. */
const CUTS = 500;
const EACH = Math.ceil(CUTS / KINDS.length);
const api = await startApi({ run: workerInProcesses([]) });

const PIECES = Array.from({ length: 30 }, (_, index) => `piece ${index} ü😀 `);
const WHOLE = PIECES.join('');
const slowly = () =>
  streams(start(), opened, ...PIECES.flatMap((text) => [20, piece(text)]), ...stopped('end_turn'), 'end');

test.each(KINDS)(
  `$name: ${EACH} cuts at any byte, each rejoined in another process, lose and double nothing`,
  {
    timeout: 300_000,
  },
  async (kind) => {
    const { streamed, rejoin } = await threadOf(api, kind);
    const question = randomUUID();
    api.model.scripts.set(question, [slowly()]);
    const { events } = await streamed(question);
    const first = await events.next();
    const turnId = String(first.value?.id).split(':')[0] ?? '';
    const rest = allOf(events);
    const cuts: number[] = [];
    /** Reads a stream in snatches of random numbers of bytes, rejoining each time where the last whole event was. */
    const reader = async () => {
      let text = '';
      let lastId = '';
      for (;;) {
        const { response } = await rejoin(turnId, lastId ? { 'last-event-id': lastId } : {});
        cuts.push(randomInt(6_000));
        const { read, hasEnded } = await cutAt(cuts.at(-1) ?? 0, response);
        text += textOf(read);
        lastId = read.at(-1)?.id ?? lastId;
        if (hasEnded) return text;
      }
    };
    const readers = async () => {
      const texts = await Promise.all([reader(), reader(), reader(), reader()]);
      expect(texts).toEqual([WHOLE, WHOLE, WHOLE, WHOLE]);
    };
    await readers(); // while it is made, and then
    while (cuts.length < EACH) await readers();
    expect(textOf(await rest)).toBe(WHOLE);
    expect(textOf(await allOf((await rejoin(turnId)).events))).toBe(WHOLE);
  },
);

/** Reads so many bytes of a stream and hangs up. @returns the whole events among them */
async function cutAt(bytes: number, response: Response) {
  const chunks: Uint8Array[] = [];
  let left = bytes;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk.slice(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  const whole = Buffer.concat(chunks).toString('utf8').split('\n\n').slice(0, -1).join('\n\n');
  const read = await allOf(eventsOf(new Response(`${whole}\n\n`)));
  return { read, hasEnded: read.at(-1)?.event === 'done' };
}
