import { setTimeout as wait } from 'node:timers/promises';
import { expect } from 'vitest';
import { previewOf } from '../../../functions/domain/first-words.ts';
import type { ThreadRef } from '../../../functions/domain/thread-ref.ts';
import * as keys from '../../../functions/store/keys.ts';
import type { Api, ApiAnswer } from '../../support/api.ts';
import { entityOf } from '../../support/entities.ts';
import type { Person } from '../../support/people.ts';
import { allItems } from '../../support/table.ts';
import type { Surface } from './threads.ts';

type Item = Record<string, unknown>;

/** What was acknowledged in one thread, as `<writer> <number>`, and by whom it is read. */
export interface Written {
  readonly surface: Surface;
  readonly owner: Person;
  readonly agentId: string;
  readonly id: string;
  readonly texts: string[];
}

/** All items by the entities that they are of. */
export async function itemsByEntity(api: Api): Promise<Map<string, Item[]>> {
  const items = await allItems(api.table);
  return Map.groupBy(items, (item) => entityOf(item as unknown as keys.Key).name);
}

/** Looks at every turn that has not ended until it has: whoever looks at one whose maker has failed settles it. */
export async function settleTurns(api: Api, threads: readonly Written[]): Promise<void> {
  const byPk = new Map(threads.map((thread) => [keys.threadPk(refOf(thread)), thread]));
  for (;;) {
    const turns = (await itemsByEntity(api)).get('turn') ?? [];
    const running = turns.filter(({ status }) => status === 'in_progress');
    if (running.length === 0) return;
    for (const { pk, id } of running) {
      const { surface, owner, ...at } = byPk.get(String(pk)) as Written; // every turn is in one of them
      const path = surface.turn(owner, at, String(id));
      await api.send({ method: 'GET', path, headers: surface.credential(owner) });
    }
    await wait(500);
  }
}

/** Every acknowledged message once, in order; counts and the head's last message right. @returns how many there are */
export function checkThread(thread: Written, items: ReadonlyMap<string, readonly Item[]>): number {
  const { pk } = keys.head(refOf(thread));
  const own = (entity: string) => (items.get(entity) ?? []).filter((item) => item.pk === pk);
  const messages = own('message').toSorted((a, b) => (String(a.sk) < String(b.sk) ? -1 : 1));
  const [head] = [
    ...own('ask thread'),
    ...own('conversation'),
    ...own('assistant thread'),
    ...own('agent thread'),
  ];
  const said: string[] = messages
    .filter(({ answersId }) => answersId === undefined)
    .map(({ text }) => String(text));
  expect(said.toSorted(), 'acknowledged, each once').toEqual(
    [...thread.texts, ...thread.surface.first].toSorted(),
  );
  // What one writer has said, one thing after another, stands in that order.
  const byWriter = Map.groupBy(said, (text) => text.split(' ')[0]);
  for (const texts of byWriter.values()) expect(texts).toEqual(texts.toSorted());
  const last = messages.at(-1);
  expect(head).toMatchObject({ messageCount: messages.length, gsi1sk: last?.id ?? head?.id });
  if (thread.surface.name === 'comms') expect(head?.preview).toBe(previewOf(String(last?.text)));
  // No question has two answers.
  const answered = messages.flatMap(({ answersId }) => answersId ?? []);
  expect(new Set(answered).size).toBe(answered.length);
  return messages.length;
}

/** All threads of an owner are in their list, each once, newest activity first. */
export async function checkList(api: Api, threads: readonly Written[]): Promise<void> {
  const [{ surface, owner, agentId }] = threads as [Written];
  const listed: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const path = `${surface.list(owner, agentId)}${cursor && `&cursor=${cursor}`}`;
    const answer: ApiAnswer = await api.send({ method: 'GET', path, headers: surface.credential(owner) });
    listed.push(...surface.threadsIn(answer.body).map((each) => surface.idIn(each)));
    cursor = answer.headers.get('x-next-cursor') ?? answer.body.next_cursor ?? null;
  }
  expect(listed.toSorted()).toEqual(threads.map(({ id }) => id).toSorted());
}

/** Nothing is left without its thread, and nobody holds one. */
export function checkLeftOvers(items: ReadonlyMap<string, readonly Item[]>): void {
  expect(items.get('lease') ?? []).toEqual([]);
  const of = (...names: string[]) => names.flatMap((name) => items.get(name) ?? []);
  const threads = new Set(
    of('ask thread', 'conversation', 'assistant thread', 'agent thread').map(({ pk }) => pk as string),
  );
  const threadOf = ({ pk }: Item) => String(pk).replace(/#TURN#.*$/u, '');
  const orphans = of('message', 'detail', 'turn', 'feedback', 'turn entry').filter(
    (item) => !threads.has(threadOf(item)),
  );
  expect(orphans).toEqual([]);
  const ids = new Set(of('message').map(({ id }) => id));
  const lost = of('message pointer').filter(({ pk }) => !ids.has(String(pk).split('#').at(-1)));
  expect(lost).toEqual([]);
}

function refOf({ surface, owner, id }: Written): ThreadRef {
  return surface.refOf(owner, id);
}
