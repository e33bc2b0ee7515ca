import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { Turn, TurnEnd } from '../domain/turn.ts';
import { table } from './client.ts';
import { getItem } from './get-item.ts';
import * as keys from './keys.ts';
import { send } from './send.ts';
import { storedItem } from './stored-item.ts';
import { usageIn } from './stored-usage.ts';
import type { Reservation } from './token-shares.ts';
import type { Item, Write, Writes } from './transact.ts';
import { writeIf } from './write-if.ts';

/** Who may write answers to a thread, and until when. A thread has one lease, or none. */
export interface Lease {
  readonly turnId: string;
  /** The user's message that it answers. */
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
  /** What was taken for the turn before it started, where tokens have a limit. */
  readonly reservation: Reservation | null;
  /** Whether somebody has begun to work on the turn. */
  readonly isClaimed?: boolean;
}

/** Starts a turn: takes the thread's lease, which is refused while there is another. @param claim its maker's, where that starts it */
export function startWrites(
  thread: ThreadRef,
  { turnId, messageId, expiresAtMs, reservation }: Lease,
  claim: string | null,
): Writes<'lease' | 'turn'> {
  const lease = {
    Item: storedItem(keys.lease(thread), {
      turnId,
      messageId,
      expiresAtMs,
      reservation,
      claim: claim ?? undefined,
    }),
    ConditionExpression: 'attribute_not_exists(pk)',
  };
  const turn = storedItem(keys.turn(thread, turnId), { id: turnId, status: 'in_progress', messageId });
  return { lease: { Put: lease }, turn: { Put: { Item: turn } } };
}

/**
 * A write that is always refused, and so refuses the start: the transaction tells what else stands in its way, such as
 * that the same request was made before.
 */
export function refusingWrite(thread: ThreadRef, turnId: string): Write {
  const Item = storedItem(keys.turnEntry(thread, turnId, 0), {});
  return { Put: { Item, ConditionExpression: 'attribute_exists(pk)' } };
}

/** The lease that refused a start. */
export function leaseIn(current: Item | undefined): Lease | null {
  return current ? toLease(current) : null;
}

/** The lease as startWrites wrote it. */
function toLease({ turnId, messageId, expiresAtMs, reservation, claim }: Item): Lease {
  return {
    isClaimed: claim !== undefined,
    turnId: turnId as string,
    messageId: messageId as string,
    expiresAtMs: expiresAtMs as number,
    reservation: toReservation(reservation),
  };
}

/** One of a version before budgets had shares stays taken until its day is over. */
function toReservation(stored: unknown): Reservation | null {
  const reservation = stored as Partial<Reservation> | null;
  return reservation?.budgets ? (reservation as Reservation) : null; // as startWrites wrote it
}

/** How a turn ends, and when. */
interface Ending {
  readonly end: TurnEnd & Pick<Turn, 'spent'>;
  readonly assistantMessageId: string | null;
  readonly endedAtMs: number;
  /** Only where its lease has expired by then. */
  readonly ifExpired: boolean;
}

/** Ends a turn and gives its lease back; refused where somebody else has ended it. */
export function endWrites(
  thread: ThreadRef,
  turnId: string,
  { end, assistantMessageId, endedAtMs, ifExpired }: Ending,
): Writes<'turn' | 'lease'> {
  const values = { ...end, assistantMessageId, endedAtMs, ...(ifExpired && { isExpired: true }) };
  const { ExpressionAttributeValues, ...update } = settingOf(values);
  const turn = {
    Key: keys.turn(thread, turnId),
    ...update,
    ConditionExpression: '#status = :running',
    ExpressionAttributeValues: { ':running': 'in_progress', ...ExpressionAttributeValues },
  };
  const lease = {
    Key: keys.lease(thread),
    ConditionExpression: ifExpired ? 'turnId = :turn AND expiresAtMs <= :now' : 'turnId = :turn',
    ExpressionAttributeValues: { ':turn': turnId, ...(ifExpired && { ':now': endedAtMs }) },
  };
  return { turn: { Update: turn }, lease: { Delete: lease } };
}

/**
 * Has a turn that was ended by the expiry of its lease end otherwise, once; refused where it was ended in another way,
 * where its question has another turn, and while there is a lease.
 */
export function growWrites(
  thread: ThreadRef,
  { id, status, assistantMessageId }: Turn,
  end: Ending['end'] & Pick<Ending, 'assistantMessageId' | 'endedAtMs'>,
): Writes<'turn' | 'lease'> {
  const { UpdateExpression, ExpressionAttributeNames, ExpressionAttributeValues } = settingOf(end);
  const turn = {
    Key: keys.turn(thread, id),
    UpdateExpression: `${UpdateExpression} REMOVE isExpired`,
    ConditionExpression:
      'isExpired = :expired AND attribute_not_exists(replacedBy) AND #status = :before AND #assistantMessageId = :message',
    ExpressionAttributeNames,
    ExpressionAttributeValues: {
      ...ExpressionAttributeValues,
      ':expired': true,
      ':before': status,
      ':message': assistantMessageId,
    },
  };
  // Nothing is deleted: it only says that there is none, as a check would for a permission more.
  const lease = { Key: keys.lease(thread), ConditionExpression: 'attribute_not_exists(pk)' };
  return { turn: { Update: turn }, lease: { Delete: lease } };
}

/** Takes away a lease that is for no running turn. */
export async function dropLease(thread: ThreadRef, turnId: string, context: Context): Promise<void> {
  const command = new DeleteCommand({
    TableName: table().name,
    Key: keys.lease(thread),
    ConditionExpression: 'turnId = :turn',
    ExpressionAttributeValues: { ':turn': turnId },
  });
  await writeIf(send(command, { context }));
}

/** Notes that the question of a failed turn has another; refused where it has an answer after all. */
export function replaceTurn(thread: ThreadRef, turnId: string, replacedBy: string): Write {
  return {
    Update: {
      Key: keys.turn(thread, turnId),
      UpdateExpression: 'SET replacedBy = :next',
      ConditionExpression: '#status = :failed',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: { ':failed': 'failed', ':next': replacedBy },
    },
  };
}

/** An update that sets these attributes. */
function settingOf(values: object) {
  const names = Object.keys(values);
  return {
    UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`:${name}`, value as unknown]),
    ),
  };
}

/** A turn of a thread, consistent, or null. */
export async function readTurn(thread: ThreadRef, id: string): Promise<Turn | null> {
  const item = await getItem(keys.turn(thread, id));
  if (!item) return null;
  const { assistantMessageId = null, spent = null, error = null, endedAtMs = null, ...started } = item;
  // As startWrites and endWrites wrote it.
  const { id: turnId, status, messageId } = started as unknown as Turn;
  const usage = usageIn(item.usage);
  return { id: turnId, status, messageId, assistantMessageId, usage, spent, error, endedAtMs } as Turn;
}

/** The lease of a thread, consistent, or null. */
export async function readLease(thread: ThreadRef): Promise<Lease | null> {
  return leaseIn((await getItem(keys.lease(thread))) ?? undefined);
}

/**
 * Begins to work on a turn, once. The claim is the worker's own, so that it knows it again when the first answer to its
 * request was lost.
 *
 * @returns null when the turn has lost its lease, or somebody has begun before
 */
export function claimLease(
  thread: ThreadRef,
  { claim, ...hold }: Hold & { claim: string },
  context: Context,
): Promise<Lease | null> {
  const update = {
    UpdateExpression: 'SET expiresAtMs = :until, claim = :claim',
    ConditionExpression: 'turnId = :turn AND (attribute_not_exists(claim) OR claim = :claim)',
    ExpressionAttributeValues: { ':claim': claim },
  };
  return updateLease(thread, { ...hold, update }, context);
}

/** Holds a lease for longer. @returns null when the turn has lost it */
export function renewLease(thread: ThreadRef, hold: Hold, context: Context): Promise<Lease | null> {
  const update = {
    UpdateExpression: 'SET expiresAtMs = :until',
    ConditionExpression: 'turnId = :turn',
    ExpressionAttributeValues: {},
  };
  return updateLease(thread, { ...hold, update }, context);
}

type Hold = Pick<Lease, 'turnId' | 'expiresAtMs'>;

interface Update {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues: Item;
}

async function updateLease(
  thread: ThreadRef,
  { turnId, expiresAtMs, update: { ExpressionAttributeValues, ...update } }: Hold & { update: Update },
  context: Context,
): Promise<Lease | null> {
  const command = new UpdateCommand({
    TableName: table().name,
    Key: keys.lease(thread),
    ...update,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ':turn': turnId, ':until': expiresAtMs },
    ReturnValues: 'ALL_NEW',
  });
  const written = await writeIf(send(command, { context }));
  return written?.Attributes ? toLease(written.Attributes) : null;
}
