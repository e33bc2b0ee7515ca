import type { Context } from '../domain/context.ts';
import { timeOf } from '../domain/ids.ts';
import { ANSWER_MS } from '../domain/limits.ts';
import { getItem } from '../store/get-item.ts';
import type { Key } from '../store/keys.ts';
import { moveShare } from '../store/token-budgets.ts';
import { countIn, type Share, shareIn, sharersIn } from '../store/token-shares.ts';
import type { Item } from '../store/transact.ts';

export interface Counting {
  readonly tokensOf: (share: Share) => number;
  /** Whether its maker counts, or nobody can know more: then the share goes. */
  readonly isFinal: boolean;
  /** The share, where the caller knows it. */
  readonly known?: Share | undefined;
}

/**
 * Counts what was used and gives the rest of a share back. It is counted once; what it has counted as never gets less.
 *
 * @returns what other budgets with a share for the same are to count; `gone` where there is no share any more, and
 *   `unsure` where it went meanwhile: by this, whose answer was lost, or by somebody else
 */
export async function countShare(
  budget: Key,
  { id, tokensOf, isFinal, known }: Counting & { id: string },
  context: Context,
): Promise<Counting | 'gone' | 'unsure'> {
  let from = known ?? shareIn((await getItem(budget)) ?? {}, id);
  while (from) {
    const tokens = Math.max(tokensOf(from), countIn(from));
    const mayGrow = !isFinal && from.sent > 0; // a model that was not asked yet is not asked without a share
    const counted = { tokensOf: () => tokens, isFinal: !mayGrow };
    if (mayGrow && from.counted === tokens) return counted;
    const to = mayGrow ? { ...from, counted: tokens } : tokens;
    const moved = await moveShare(budget, { id, from, to, limit: null }, context);
    if (moved.isMoved) return moved.wasMoved && !mayGrow ? 'unsure' : counted;
    from = shareIn(moved.budget, id);
  }
  return 'gone';
}

/** Longer than anything lives that has a share, whatever clocks say. */
const STALE_MS = ANSWER_MS + 5 * 60_000;
/** Of each caller who finds them. */
const MOST_AT_ONCE = 25;

/**
 * Takes away the shares of those that died before they gave them back. Such a one has used at most what it held, and
 * nothing where the model was not asked yet.
 *
 * @returns whether there were any
 */
export async function countStale(budget: Key, item: Item, context: Context): Promise<boolean> {
  const stale = sharersIn(item).filter((id) => timeOf(id) < context.now() - STALE_MS);
  const tokensOf = ({ sent, held, counted }: Share) => counted ?? (sent > 0 ? held : 0);
  const counting = stale.slice(0, MOST_AT_ONCE).map((id) => {
    const known = shareIn(item, id) ?? undefined;
    return countShare(budget, { id, tokensOf, isFinal: true, known }, context);
  });
  await Promise.all(counting);
  return stale.length > 0;
}
