import type { DayUsage, UsageCounts } from '../domain/day-usage.ts';
import { DAY_MS, dayOf } from '../domain/days.ts';
import { timeOf } from '../domain/ids.ts';
import type { Tenancy } from '../domain/principal.ts';
import type { Spending } from '../domain/spending.ts';
import { type ThreadRef, tenantOf } from '../domain/thread-ref.ts';
import * as keys from './keys.ts';
import { collect } from './query.ts';
import { SET_VERSION, VERSION_VALUE } from './stored-item.ts';
import { TABLE } from './table.ts';
import type { Item, Write, Writes } from './transact.ts';

/*
 * Counters, in the transaction that ends an answer or writes a title: so each counts once, and their sum is that of what
 * is stored with the turns. All answers of a tenant meet here, so that a day has eight items for each model.
 */
const NO_COUNTS: UsageCounts = {
  answers: 0,
  titles: 0,
  promptTokens: 0,
  completionTokens: 0,
  thinkingTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costNanos: 0,
  unpriced: 0,
};
const COUNTERS = Object.keys(NO_COUNTS) as (keyof UsageCounts)[]; // it has no others

/** So that a month can be compared with the same one of the year before. */
const KEPT_DAYS = 400;

interface Change {
  /** Of the turn, or the title: its time names the day. */
  readonly id: string;
  readonly of: 'answers' | 'titles';
  /** What was counted for it before, or null. */
  readonly before: Spending | null;
  readonly after: Spending;
}

/** Counts what an answer or a title has used, or the difference to what was counted before. */
export function usageWrites(
  thread: ThreadRef,
  { id, of, before, after }: Change,
): Writes<'usage' | 'usageBefore'> {
  const counted = countsOf(after, of);
  const known = before ? countsOf(before, of) : NO_COUNTS;
  const isSame = modelIn(before ?? after) === modelIn(after);
  return {
    usage: addition(thread, { id, model: modelIn(after), counts: isSame ? minus(counted, known) : counted }),
    usageBefore:
      before && !isSame
        ? addition(thread, { id, model: modelIn(before), counts: minus(NO_COUNTS, known) })
        : null,
  };
}

function countsOf(spending: Spending, of: Change['of']): UsageCounts {
  const { promptTokens, completionTokens, thinkingTokens, cachedTokens, cacheWriteTokens, costNanos } =
    spending;
  if (promptTokens + completionTokens === 0) return NO_COUNTS;
  return {
    ...NO_COUNTS,
    [of]: 1,
    promptTokens,
    completionTokens,
    thinkingTokens,
    cacheReadTokens: cachedTokens,
    cacheWriteTokens,
    costNanos: costNanos ?? 0,
    unpriced: costNanos === null ? 1 : 0,
  };
}

/** Of an answer whose maker died before it could say what it asks. */
const UNKNOWN_MODEL = 'unknown';

function modelIn({ model }: Spending): string {
  return model ?? UNKNOWN_MODEL;
}

function minus(a: UsageCounts, b: UsageCounts): UsageCounts {
  return combined((name) => a[name] - b[name]);
}

function combined(of: (name: keyof UsageCounts) => number): UsageCounts {
  return { ...NO_COUNTS, ...Object.fromEntries(COUNTERS.map((name) => [name, of(name)])) };
}

function addition(
  thread: ThreadRef,
  { id, model, counts }: { id: string; model: string; counts: UsageCounts },
): Write | null {
  const names = COUNTERS.filter((name) => counts[name] !== 0);
  if (names.length === 0) return null;
  const day = dayOf(timeOf(id));
  return {
    Update: {
      Key: keys.dayUsage(tenantOf(thread), { id, day, model }),
      UpdateExpression: `SET ${SET_VERSION}, #day = :day, #model = :model, #expires = :expires ADD ${names.map((name) => `#${name} :${name}`).join(', ')}`,
      ExpressionAttributeNames: {
        '#day': 'day',
        '#model': 'model',
        '#expires': TABLE.timeToLive,
        ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      },
      ExpressionAttributeValues: {
        ...VERSION_VALUE,
        ':day': day,
        ':model': model,
        ':expires': Math.floor(Date.parse(day) / 1_000 + (KEPT_DAYS * DAY_MS) / 1_000),
        ...Object.fromEntries(names.map((name) => [`:${name}`, counts[name]])),
      },
    },
  };
}

/** What a tenant has used from one day to another, both included, by day and model. */
export async function readUsage(
  tenant: Tenancy['tenant'],
  { from, to, nowMs }: { from: string; to: string; nowMs: number },
): Promise<DayUsage[]> {
  const range = keys.usageDays(from, to);
  const everything = { order: 'asc', start: undefined, limit: Number.MAX_SAFE_INTEGER } as const;
  const read = keys
    .usageOf(tenant)
    .map((pk) => collect({ pk, range }, { ...everything, maxBytes: Number.MAX_SAFE_INTEGER }));
  const items = (await Promise.all(read)).flatMap((page) => page.items);
  const days = new Map<string, DayUsage>();
  for (const item of items.filter((each) => Number(each[TABLE.timeToLive]) * 1_000 > nowMs)) {
    const { day, model } = item as Item & Pick<DayUsage, 'day' | 'model'>; // as addition wrote it
    const name = `${day} ${model}`;
    const sum = days.get(name) ?? NO_COUNTS;
    days.set(name, { day, model, ...combined((each) => sum[each] + Number(item[each] ?? 0)) });
  }
  const places = [...days.keys()].toSorted();
  return places.flatMap((name) => days.get(name) ?? []);
}
