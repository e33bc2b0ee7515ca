import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { newId } from '../../functions/domain/ids.ts';
import type { ThreadRef } from '../../functions/domain/thread-ref.ts';
import type { Table } from '../../functions/store/client.ts';
import * as keys from '../../functions/store/keys.ts';
import type { Api } from './api.ts';
import type { DatabaseCall } from './database-proxy.ts';
import { itemOf } from './turns.ts';

interface DeadTurn {
  readonly messageId: string;
  readonly turnId?: string;
  readonly expiresAtMs?: number;
  readonly reservation?: object | null;
  readonly status?: string;
  /** Whether its last entry has closed its log. */
  readonly isClosed?: boolean;
  /** What its log holds. */
  readonly said?: readonly { text: string; usage?: object }[];
}

/**
 * What a turn leaves behind whose function has died: `in_progress`, its log, a lease that expires, and its name in the
 * head.
 *
 * @returns its id
 */
export async function leaveDeadTurn(
  { client, name }: Table,
  thread: ThreadRef,
  {
    messageId,
    turnId = newId(Date.now()),
    expiresAtMs = Date.now() - 1,
    reservation = null,
    status = 'in_progress',
    isClosed = false,
    said = [],
  }: DeadTurn,
): Promise<string> {
  const lease = { ...keys.lease(thread), turnId, messageId, expiresAtMs, reservation };
  const turn = { ...keys.turn(thread, turnId), id: turnId, status, messageId };
  const entries = said.map((entry, seq) => ({
    usage: null,
    ...entry,
    ...keys.turnEntry(thread, turnId, seq),
    ...(isClosed && seq === said.length - 1 && { isEnd: true }),
  }));
  for (const Item of [lease, turn, ...entries]) await client.send(new PutCommand({ TableName: name, Item }));
  const named = new UpdateCommand({
    TableName: name,
    Key: keys.head(thread),
    UpdateExpression: 'SET activeTurnId = :turn',
    ExpressionAttributeValues: { ':turn': turnId },
  });
  await client.send(named);
  return turnId;
}

/**
 * Lets the lease of a running turn expire now, as where its function is frozen: it does not renew it any more.
 *
 * @returns the turn's id
 */
export async function expireLease({ table, database }: Api, thread: ThreadRef): Promise<string> {
  const Key = keys.lease(thread);
  const isLease = ({ operation, input }: DatabaseCall) =>
    operation === 'UpdateItem' && JSON.stringify(input.Key) === JSON.stringify(marshall(Key));
  const { turnId } = (await itemOf({ table }, Key)) as { turnId: string }; // the caller has seen it run
  const isRenewal = (call: DatabaseCall) =>
    isLease(call) && JSON.stringify(call.input.ExpressionAttributeValues).includes(turnId);
  database.intercept((call) => (isRenewal(call) ? { status: 400, type: 'ThrottlingException' } : undefined));
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key,
      UpdateExpression: 'SET expiresAtMs = :past',
      ExpressionAttributeValues: { ':past': 0 },
    }),
  );
  return turnId;
}
