import { randomUUID } from 'node:crypto';
import { getDefaultHighWaterMark } from 'node:stream';
import { expect, test } from 'vitest';
import type { StreamSink } from '../../../lib/local/response-stream.ts';
import { startApi } from '../../support/api.ts';
import { allOf, openStream, textOf } from '../../support/events.ts';
import { opened, piece, start, stopped, streams } from '../../support/model-events.ts';
import { inThisProcess, type RunFunction } from '../../support/run-function.ts';
import { threadOf } from '../../support/turns.ts';

const room = Promise.withResolvers<void>();
let chunks = 0;

/** Takes one chunk and then has no room, as a socket whose buffers are full; those of this machine's are larger than any answer. */
const full = (sink: StreamSink): StreamSink => ({
  begin: (prelude) => sink.begin(prelude),
  write: async (chunk) => {
    chunks += 1;
    await sink.write(chunk);
    await room.promise;
  },
});
const intoFull: RunFunction = (environment) => {
  const here = inThisProcess(environment);
  return {
    ...here,
    handler: (name, file) => {
      const handler = here.handler(name, file);
      return (event, sink) => handler(event, sink && full(sink));
    },
  };
};
const api = await startApi({ run: intoFull });

const PIECE_BYTES = 512;
const PIECES = Array.from({ length: 500 }, (_, index) => `${index} `.padEnd(PIECE_BYTES, 'x'));
const WHOLE = PIECES.join('');
/** The frames that fit between an answer and its reader, in the buffer of one of Node's streams, and a few around it. */
const MOST_FRAMES = getDefaultHighWaterMark(false) / PIECE_BYTES + 10;

test('an answer of 250 KiB is made and stored while its reader takes nothing, and does not pile up', async () => {
  const { owner, id, contents, lease } = await threadOf(api);
  const question = randomUUID();
  api.model.scripts.set(question, [
    streams(start(), opened, ...PIECES.flatMap((text) => [1, piece(text)]), ...stopped('end_turn'), 'end'),
  ]);
  const { events } = await openStream(api, {
    method: 'POST',
    path: `/v1/conversations/${id}/messages/stream`,
    headers: owner.bearer,
    body: { role: 'user', content: question },
  });
  await expect.poll(contents, { interval: 100 }).toEqual([question, WHOLE]);
  expect(await lease()).toBeUndefined();
  expect(chunks).toBe(1);
  room.resolve();
  const all = await allOf(events);
  expect([textOf(all), all.at(-1)?.event]).toEqual([WHOLE, 'done']);
  // What was said meanwhile has not waited piece by piece: what found no room comes as one.
  expect(all.length).toBeLessThan(MOST_FRAMES);
});
