import type { ThreadRef } from '../domain/thread-ref.ts';
import { getItem } from './get-item.ts';
import * as keys from './keys.ts';
import { storedItem } from './stored-item.ts';
import type { Item, Write } from './transact.ts';

/** What a head holds of any thread: all of it but what stands in the detail. */
interface Head {
  readonly lastMessageId: string;
}

/** Where a head is listed: in the first index by its last message, in the second as its kind of thread says. */
export interface Lists {
  readonly gsi1pk: string;
  readonly gsi2pk?: string | undefined;
  readonly gsi2sk?: string;
}

/** Puts the head of a new thread. Only the first index's sort key holds its last message. */
export function putHead(thread: ThreadRef, lists: Lists, { lastMessageId, ...attributes }: Head): Write {
  const item = { ...lists, gsi1sk: lastMessageId, ...attributes };
  return { Put: { Item: storedItem(keys.head(thread), item) } };
}

/** What putHead was given, as appends have moved it. */
export function attributesOf({ gsi1sk, ...item }: Item): Item {
  const { pk: _pk, sk: _sk, v: _v, gsi1pk: _list, gsi2pk: _second, gsi2sk: _place, ...attributes } = item;
  return { ...attributes, lastMessageId: gsi1sk };
}

/** About how many tokens a model takes the messages of a thread for; those that came with the thread are not counted. */
export function tokensIn(head: Item): number {
  return Number(head.tokens ?? 0);
}

/** The head of a thread, consistent, or null. */
export function readHead(thread: ThreadRef): Promise<Item | null> {
  return getItem(keys.head(thread));
}
