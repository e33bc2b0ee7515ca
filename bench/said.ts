import { setTimeout as wait } from 'node:timers/promises';
import { opened, piece, start, stopped, streams, writeEvent } from '../test/support/model-events.ts';
import type { Reaction } from '../test/support/scripted-model.ts';

/** Less than models take before they speak, and enough for the stream to be open by then. */
const THINKS_MS = 100;
const EVERY_MS = 20;

/** An answer, and when each piece of it was said, by performance.now(). */
export function spoken(pieces: readonly string[]): { reaction: Reaction; saidAtMs: readonly number[] } {
  const saidAtMs: number[] = [];
  const reaction: Reaction = async (request, outgoing) => {
    await streams(start(), opened, THINKS_MS)(request, outgoing);
    for (const text of pieces) {
      saidAtMs.push(performance.now());
      writeEvent(outgoing, piece(text));
      await wait(EVERY_MS);
    }
    for (const event of stopped('end_turn')) writeEvent(outgoing, event);
    outgoing.end();
  };
  return { reaction, saidAtMs };
}
