import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { newId } from '../../functions/domain/ids.ts';
import type { Table } from '../../functions/store/client.ts';
import * as keys from '../../functions/store/keys.ts';

interface DeadTurn {
  readonly messageId: string;
  readonly turnId?: string;
  readonly expiresAtMs?: number;
  readonly reservation?: object | null;
  /** What its log holds. */
  readonly said?: readonly { text: string; usage?: object }[];
}

/** What a turn leaves behind whose function has died: `in_progress`, its log, and a lease that expires. @returns its id */
export async function leaveDeadTurn(
  { client, name }: Table,
  threadPk: string,
  {
    messageId,
    turnId = newId(Date.now()),
    expiresAtMs = Date.now() - 1,
    reservation = null,
    said = [],
  }: DeadTurn,
): Promise<string> {
  const lease = { ...keys.lease(threadPk), turnId, messageId, expiresAtMs, reservation };
  const turn = { ...keys.turn(threadPk, turnId), id: turnId, status: 'in_progress', messageId };
  const entries = said.map((entry, seq) => ({
    usage: null,
    ...entry,
    ...keys.turnEntry(threadPk, turnId, seq),
  }));
  for (const Item of [lease, turn, ...entries]) await client.send(new PutCommand({ TableName: name, Item }));
  return turnId;
}

/** Lets a lease expire now. @returns it */
export async function expireLease(
  { client, name }: Table,
  threadPk: string,
): Promise<Record<string, unknown>> {
  const { Attributes } = await client.send(
    new UpdateCommand({
      TableName: name,
      Key: keys.lease(threadPk),
      UpdateExpression: 'SET expiresAtMs = :past',
      ExpressionAttributeValues: { ':past': 0 },
      ReturnValues: 'ALL_NEW',
    }),
  );
  return Attributes ?? {};
}
