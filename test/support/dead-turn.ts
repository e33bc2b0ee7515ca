import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { newId } from '../../functions/domain/ids.ts';
import type { Table } from '../../functions/store/client.ts';
import * as keys from '../../functions/store/keys.ts';

/** What a turn leaves behind whose function has died: `in_progress`, and a lease that expires. @returns its id */
export async function leaveDeadTurn(
  { client, name }: Table,
  threadPk: string,
  {
    messageId,
    turnId = newId(Date.now()),
    expiresAtMs = Date.now() - 1,
  }: { messageId: string; turnId?: string; expiresAtMs?: number },
): Promise<string> {
  const lease = { ...keys.lease(threadPk), turnId, expiresAtMs };
  const turn = { ...keys.turn(threadPk, turnId), id: turnId, status: 'in_progress', messageId };
  for (const Item of [lease, turn]) await client.send(new PutCommand({ TableName: name, Item }));
  return turnId;
}
