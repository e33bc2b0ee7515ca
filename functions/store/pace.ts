import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Patience, pause, sleep } from '../patience/pause.ts';
import { table } from './client.ts';
import { type Key, pace } from './keys.ts';
import { sendOnce } from './send-once.ts';
import { SET_VERSION, VERSION_VALUE } from './stored-item.ts';
import { writeIf } from './write-if.ts';

/**
 * Takes turns at an item that several transactions want to change. DynamoDB lets none of them wait: who comes while
 * another holds the item is cancelled, so that many writers who try again by chance mostly meet each other. Here each
 * takes the next free slot of time from a small item beside it, by one update outside any transaction, and tries then.
 *
 * Nothing but timing depends on that item: where it is missing, expired, of the past or too far in the future, the slots
 * begin anew, and where it cannot be written a pause by chance does. Clocks that disagree waste slots.
 */

/** A transaction holds its items for about 8 ms, and not every writer comes on the dot. */
const SLOT_MS = 11;
/** Slots get longer where writers are refused in them, as when everything is slow, and shorter again where they are not. */
const LONGEST_SLOT_MS = 4 * SLOT_MS;
const LONGER = 1.15;
const SHORTER = 0.97;
/** Slots that have just begun count: while many take one, the first are over before the last are taken. */
const GRACE_MS = 30;
/** Where slots are given away for longer than this, the item is wrong. */
const HORIZON_MS = 2_000;
/** Others may take the slots first. */
const MOST_TRIES = 4;
/** How long an item stays hot after writers met there. */
const HOT_MS = 1_000;
const MOST_HOT = 1_000;
const KEPT_SECONDS = 60;
/** Without an answer by then, a pause by chance does better. */
const TAKEN_WITHIN_MS = 500;

interface Heat {
  readonly untilMs: number;
  readonly slotMs: number;
}

/** Items at which this process has met other writers, until when it takes a slot first, and of what length. */
const hot = new Map<string, Heat>();

/** Whether writers have met at an item just now. */
export function isHot(item: Key, patience: Patience): boolean {
  return (hot.get(nameOf(item))?.untilMs ?? 0) > patience.now();
}

/**
 * Waits for a turn at an item: after a conflict there, or before it where it is hot.
 *
 * @param attempt how often this writer was refused there
 * @returns false when no time is left for one
 */
export async function waitForTurn(item: Key, attempt: number, patience: Patience): Promise<boolean> {
  const slotMs = slotOf(item, attempt, patience);
  const startMs = await takeSlot(item, slotMs, patience).catch(() => null);
  const waitMs = startMs === null ? 0 : startMs - patience.now();
  if (attempt > 0 || waitMs > 0) noteHot(item, { untilMs: patience.now() + HOT_MS, slotMs });
  return startMs === null ? pause(attempt, patience) : sleep(Math.max(0, waitMs), patience);
}

/** @returns when the slot begins, in milliseconds since 1970, or null where others always came first */
async function takeSlot(item: Key, slotMs: number, patience: Patience): Promise<number | null> {
  const whole = Math.round(slotMs);
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const slot = { nowMs: patience.now(), slotMs: whole };
    const untilMs = (await takeNext(item, slot)) ?? (await takeFirst(item, slot));
    if (untilMs !== null) return untilMs - whole;
  }
  return null;
}

interface Slot {
  readonly nowMs: number;
  readonly slotMs: number;
}

/** Whether slots are given away up to now, and not for longer than can be. */
const COUNTS = 'untilMs BETWEEN :past AND :horizon';
const boundsAt = (nowMs: number) => ({ ':past': nowMs - GRACE_MS, ':horizon': nowMs + HORIZON_MS });

/** Takes the slot after those that others have taken. @returns its end */
function takeNext(item: Key, { nowMs, slotMs }: Slot): Promise<number | null> {
  return updateSlots(item, nowMs, {
    UpdateExpression: `SET untilMs = untilMs + :slot, expires_at = :expiresAt, ${SET_VERSION}`,
    ConditionExpression: COUNTS,
    values: { ':slot': slotMs, ...boundsAt(nowMs) },
  });
}

/** Takes the slot that begins now, where nobody has taken one that counts. */
function takeFirst(item: Key, { nowMs, slotMs }: Slot): Promise<number | null> {
  return updateSlots(item, nowMs, {
    UpdateExpression: `SET untilMs = :until, expires_at = :expiresAt, ${SET_VERSION}`,
    ConditionExpression: `attribute_not_exists(untilMs) OR NOT ${COUNTS}`,
    values: { ':until': nowMs + slotMs, ...boundsAt(nowMs) },
  });
}

interface SlotUpdate {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly values: Readonly<Record<string, number>>;
}

async function updateSlots(
  item: Key,
  nowMs: number,
  { values, ...update }: SlotUpdate,
): Promise<number | null> {
  const command = new UpdateCommand({
    TableName: table().name,
    Key: pace(item),
    ...update,
    ExpressionAttributeValues: {
      ...values,
      ...VERSION_VALUE,
      ':expiresAt': Math.ceil(nowMs / 1_000) + KEPT_SECONDS,
    },
    ReturnValues: 'UPDATED_NEW',
  });
  const written = await writeIf(sendOnce(command, { withinMs: TAKEN_WITHIN_MS }));
  return written && Number(written.Attributes?.untilMs);
}

/** How long a slot is to be: a writer who comes again to a hot item was mostly refused in the last one. */
function slotOf(item: Key, attempt: number, patience: Patience): number {
  const heat = hot.get(nameOf(item));
  if (!heat || heat.untilMs <= patience.now()) return SLOT_MS;
  const slotMs = heat.slotMs * (attempt > 0 ? LONGER : SHORTER);
  return Math.min(Math.max(slotMs, SLOT_MS), LONGEST_SLOT_MS);
}

function noteHot(item: Key, heat: Heat): void {
  if (hot.size >= MOST_HOT) hot.clear(); // it forgets only when to wait
  hot.set(nameOf(item), heat);
}

function nameOf({ pk, sk }: Key): string {
  return JSON.stringify([pk, sk]);
}
