import { getItem } from './get-item.ts';
import * as keys from './keys.ts';
import type { Item, Write } from './transact.ts';

/** What a head holds of any thread: all of it but what stands in the detail. */
interface Head {
  readonly lastMessageId: string;
}

/** Puts the head of a new thread, listed under `listPk` by its last message, which only the index's sort key holds. */
export function putHead(threadPk: string, listPk: string, { lastMessageId, ...attributes }: Head): Write {
  return { Put: { Item: { ...keys.head(threadPk), gsi1pk: listPk, gsi1sk: lastMessageId, ...attributes } } };
}

/** What putHead was given, as appends have moved it. */
export function attributesOf({ pk: _pk, sk: _sk, gsi1pk: _listPk, gsi1sk, ...attributes }: Item): Item {
  return { ...attributes, lastMessageId: gsi1sk };
}

/** About how many tokens a model takes the messages of a thread for; those that came with the thread are not counted. */
export function tokensIn(head: Item): number {
  return Number(head.tokens ?? 0);
}

/** The head of a thread, consistent, or null. */
export function readHead(threadPk: string): Promise<Item | null> {
  return getItem(keys.head(threadPk));
}
