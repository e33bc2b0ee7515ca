import type { Context } from '../domain/context.ts';
import { FIRST_VERSION } from '../domain/editable.ts';
import { notFound, ParleyError } from '../domain/errors.ts';
import type { Key } from './keys.ts';
import { type Item, transact, type Write } from './transact.ts';

/** A change of some attributes of an item: undefined ones stay as they are. */
interface Edit {
  /** What the item is, for people. */
  readonly what: string;
  readonly key: Key;
  readonly changes: Item;
  /** Of these one must be the item's version; null where it may have any. */
  readonly expected: readonly number[] | null;
  /** A write of what stands apart from the item, without a condition. */
  readonly detail?: Write | null;
}

/** How many operands `IN` takes. */
const MOST_OPERANDS = 100;

/**
 * Changes an item and counts its version on, unless nothing is to be changed.
 *
 * @throws ParleyError not_found, or precondition_failed when the item has another version
 */
export async function edit(
  { what, key, changes, expected, detail = null }: Edit,
  context: Context,
): Promise<void> {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const edited =
    given.length > 0 ? [...given, ['editedAt', new Date(context.now()).toISOString()] as const] : [];
  const condition = versionCondition(expected?.slice(0, MOST_OPERANDS) ?? null);
  const update = {
    Key: key,
    UpdateExpression: [
      'SET version = if_not_exists(version, :first) + :step',
      ...edited.map(([name]) => `#${name} = :${name}`),
    ].join(', '),
    ConditionExpression: `attribute_exists(pk)${condition.expression}`,
    ...(edited.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(edited.map(([name]) => [`#${name}`, name])),
    }),
    ExpressionAttributeValues: {
      ':first': FIRST_VERSION,
      ':step': edited.length > 0 ? 1 : 0,
      ...Object.fromEntries(edited.map(([name, value]) => [`:${name}`, value])),
      ...condition.values,
    },
  };
  const outcome = await transact({ item: { Update: update }, detail }, context);
  if (outcome.committed) return;
  if (!outcome.failed.item?.current) throw notFound(what);
  throw new ParleyError('precondition_failed', `${what} has changed meanwhile`);
}

function versionCondition(expected: readonly number[] | null): { expression: string; values: Item } {
  if (expected === null) return { expression: '', values: {} };
  const operands = expected.length > 0 ? expected : [0]; // which no version is
  const names = operands.map((_, index) => `:expected${index}`);
  const unedited = operands.includes(FIRST_VERSION) ? ' OR attribute_not_exists(version)' : '';
  return {
    expression: ` AND (version IN (${names.join(', ')})${unedited})`,
    values: Object.fromEntries(operands.map((operand, index) => [`:expected${index}`, operand])),
  };
}
