import type { Key } from './keys.ts';

/**
 * The version of what items look like, which each of them says in `v`. docs/operations.md tells how to change what is
 * stored, so that functions of two versions can work on one table.
 */
export const SCHEMA_VERSION = 1;

/** An item to be put. */
export interface StoredItem extends Key {
  readonly v: number;
}

/** Makes an item to be put: nothing else makes one. */
export function storedItem<Attributes extends object>(
  { pk, sk }: Key,
  attributes: Attributes,
): Attributes & StoredItem {
  return { ...attributes, pk, sk, v: SCHEMA_VERSION };
}

/** Part of an update that makes the item where it is not there. */
export const SET_VERSION = 'v = :v';
export const VERSION_VALUE = { ':v': SCHEMA_VERSION } as const;
