import type { Key } from './keys.ts';
import type { Item } from './transact.ts';

/** What one answer, or title, that is being made has of a budget, in tokens. */
export interface Share {
  /** What the model was sent in all, that which it answers now included. */
  readonly sent: number;
  /** What the model had said before that. */
  readonly said: number;
  /** The most that all of it may come to: so much is taken. */
  readonly held: number;
  /** What was used, once somebody else than its maker has ended it; its maker may know of more. */
  readonly counted?: number;
}

/** A budget: what was used, and what is taken, which is that and what is held. */
export interface Spent {
  readonly usedTokens: number;
  readonly takenTokens: number;
}

/**
 * Each share is an attribute of the item: an update can add it to an item that is not there yet, which is not so of an
 * entry in a map.
 */
const PREFIX = 'share#';

export function shareAttribute(id: string): string {
  return PREFIX + id;
}

export function shareIn(budget: Item, id: string): Share | null {
  return (budget[shareAttribute(id)] as Share | undefined) ?? null; // as moveShare wrote it
}

/** Whose shares a budget has. */
export function sharersIn(budget: Item): string[] {
  return Object.keys(budget).flatMap((name) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []));
}

export function spentIn(budget: Item): Spent {
  return { usedTokens: Number(budget.used ?? 0), takenTokens: Number(budget.taken ?? 0) };
}

/** What a share takes of its budget. */
export function takenBy(share: Share | null): number {
  return share ? (share.counted ?? share.held) : 0;
}

/** The same of a share, or of what was used where there is none any more. */
export function keptBy(to: Share | number): number {
  return typeof to === 'number' ? to : takenBy(to);
}

/** What of it counts as used. */
export function countIn(share: Share | number | null): number {
  return typeof share === 'number' ? share : (share?.counted ?? 0);
}

/** A budget by its key, and whose it is: each has a limit of its own. */
export interface Budget extends Key {
  readonly of: 'tenant' | 'user';
}

/** What somebody's answers take their tokens from. */
export interface Allowance {
  /** All of them must have enough. */
  readonly budgets: readonly Budget[];
  /** Seconds since 1970: when the budgets are past, and so is everything that used them. */
  readonly expiresAt: number;
}

/** Tokens that are taken for one answer, or title, before it is begun. */
export interface Reservation extends Allowance {
  /** The turn's id; a title's own. */
  readonly id: string;
  readonly tokens: number;
}
