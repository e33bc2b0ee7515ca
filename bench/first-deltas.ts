import { randomUUID } from 'node:crypto';
import type { Bench } from './instance.ts';
import { spoken } from './said.ts';

/** How long the first words of answers, one after the other, take from the model to the client. */
export async function firstDeltas(
  { model, openConversation }: Bench,
  count: number,
): Promise<readonly number[]> {
  const measuredMs: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const { ask } = await openConversation();
    const question = randomUUID();
    const { reaction, saidAtMs } = spoken(['One, ', 'two, ', 'three.']);
    model.scripts.set(question, [reaction]);
    let heardAtMs: number | null = null;
    for await (const { event } of await ask(question)) if (event === 'delta') heardAtMs ??= performance.now();
    const [firstAtMs] = saidAtMs;
    if (heardAtMs === null || firstAtMs === undefined) throw new Error('Nothing was said');
    measuredMs.push(heardAtMs - firstAtMs);
  }
  return measuredMs;
}
