import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { opened, piece, start } from '../test/support/model-events.ts';
import { unfinished } from '../test/support/turns.ts';
import type { Bench } from './instance.ts';

/** Longer than the maker of an answer goes without looking whether it is still wanted: cancels come at any moment of that. */
const WITHIN_MS = 600;

/** How long it takes from a cancel, which another process serves, until the model's connection is closed. */
export async function cancelTimes(
  { model, openConversation }: Bench,
  count: number,
): Promise<readonly number[]> {
  const measuredMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const { ask, cancel } = await openConversation();
    const question = randomUUID();
    const { reaction, closed } = unfinished(start(), opened, piece('Half an answer'));
    model.scripts.set(question, [reaction]);
    for await (const { event, id } of await ask(question)) {
      if (event !== 'delta') continue;
      await wait(randomInt(WITHIN_MS));
      const cancelledAtMs = Date.now();
      await cancel(id.split(':')[0] ?? '');
      measuredMs.push((await closed) - cancelledAtMs);
    }
  }
  return measuredMs;
}
