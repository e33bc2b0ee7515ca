import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Draft, NO_THINKING, type Thinking } from '../domain/answer.ts';
import type { Context } from '../domain/context.ts';
import type { ToolCall } from '../domain/message.ts';
import type { RunningSpending } from '../domain/spending.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { table } from './client.ts';
import * as keys from './keys.ts';
import { collect } from './query.ts';
import { send } from './send.ts';
import { type StoredItem, storedItem } from './stored-item.ts';
import { callsFromStored } from './stored-json.ts';
import { usageIn } from './stored-usage.ts';
import type { Item, Write } from './transact.ts';
import { writeIf } from './write-if.ts';

/**
 * A turn's log: what the model says, in parts, as it says it. One function appends to it; whoever ends the turn closes
 * it, in the transaction that does, with an entry at the next place. So the function that is too late finds its place
 * taken, and what was read before the end is all that there is.
 */
export interface TurnLog extends Draft {
  /** The place of the next entry. */
  readonly next: number;
  readonly isClosed: boolean;
}

/**
 * One entry: what was said since the last one (text, calls that have begun or ended), the usage so far, reported and
 * counted, and whether the model thinks, without a word of it.
 */
interface Entry extends Draft {
  readonly seq: number;
  /** Seconds since 1970: nobody follows an answer for longer than a day. */
  readonly expiresAt: number;
}

/**
 * Appends to a log. The same entry may be written twice, as after an answer that was lost.
 *
 * @returns false when the log is closed
 */
export async function appendToLog(
  thread: ThreadRef,
  { turnId, entry }: { turnId: string; entry: Entry },
  context: Context,
): Promise<boolean> {
  const put = new PutCommand({
    TableName: table().name,
    Item: itemOf(thread, turnId, entry),
    ConditionExpression: 'attribute_not_exists(isEnd)',
  });
  return (await writeIf(send(put, { context }))) !== null;
}

/** Closes a log with a last entry; refused where there is an entry at its place. */
export function closeLog(thread: ThreadRef, turnId: string, last: Entry): Write {
  return {
    Put: {
      Item: itemOf(thread, turnId, { ...last, isEnd: true }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}

function itemOf(thread: ThreadRef, turnId: string, entry: Entry & { isEnd?: true }): StoredItem {
  const { seq, text, toolCalls, usage, thinking, model, spent, isEnd, expiresAt } = entry;
  return storedItem(keys.turnEntry(thread, turnId, seq), {
    text,
    toolCalls: toolCalls.length > 0 ? JSON.stringify(toolCalls) : undefined,
    usage,
    thinking: thinking.begun > 0 ? { begun: thinking.begun, isOpen: thinking.isOpen } : undefined,
    model: model ?? undefined,
    spent: spent ?? undefined,
    isEnd,
    expires_at: expiresAt,
  });
}

/** All entries of a log from a place on, consistent. */
export async function readLog(thread: ThreadRef, turnId: string, from = 0): Promise<TurnLog> {
  const { pk, sk } = keys.turnEntry(thread, turnId, from);
  const everything = { limit: Number.MAX_SAFE_INTEGER, maxBytes: null };
  const { items } = await collect(
    { pk, range: { from: sk, to: keys.TURN_ENTRIES.to } },
    { order: 'asc', start: undefined, ...everything },
  );
  return {
    text: items.map(({ text }) => text as string).join(''),
    toolCalls: newestOf(items.flatMap(callsIn)),
    usage: usageIn(items.at(-1)?.usage),
    thinking: { ...NO_THINKING, ...(items.at(-1)?.thinking as Partial<Thinking> | undefined) },
    refusalCategory: null, // its maker stores it with the answer
    model: (items.findLast(({ model }) => model !== undefined)?.model as string | undefined) ?? null,
    requests: 0, // nor is it asked for
    spent: (items.at(-1)?.spent as RunningSpending | undefined) ?? null,
    next: from + items.length,
    isClosed: items.at(-1)?.isEnd === true,
  };
}

/** A log with what was read beyond it. */
export function joinLogs(log: TurnLog, more: TurnLog): TurnLog {
  return {
    ...more,
    text: log.text + more.text,
    toolCalls: newestOf([...log.toolCalls, ...more.toolCalls]),
    usage: more.usage ?? log.usage,
    model: more.model ?? log.model,
    thinking: more.next > log.next ? more.thinking : log.thinking,
    spent: more.spent ?? log.spent,
  };
}

function callsIn({ toolCalls }: Item): ToolCall[] {
  return toolCalls === undefined ? [] : callsFromStored(toolCalls as string);
}

/** Calls in the order in which they began, each as it was said last. */
function newestOf(calls: readonly ToolCall[]): ToolCall[] {
  return [...new Map(calls.map((call) => [call.index, call])).values()];
}
