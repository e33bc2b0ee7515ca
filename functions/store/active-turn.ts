import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Context } from '../domain/context.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { HeadChanges } from './advance-head.ts';
import { table } from './client.ts';
import * as keys from './keys.ts';
import { send } from './send.ts';
import type { Item } from './transact.ts';
import { writeIf } from './write-if.ts';

/**
 * A head names its thread's running turn from the turn's start to its end, so that readers of the thread know of it
 * without a read more. The lease decides; what a head says is for people, and for whoever finds a turn whose maker died.
 */
export function namedTurn(turnId: string): HeadChanges {
  return { sets: ['activeTurnId = :turn'], values: { ':turn': turnId } };
}

/** The turn that a head names. */
export function activeTurnIn(head: Item): string | undefined {
  return head.activeTurnId as string | undefined; // as namedTurn wrote it
}

/** No turn runs any more. */
export const NO_TURN: HeadChanges = { sets: [], remove: ['activeTurnId'] };

/** Has a head name none, where it still names this one. */
export async function forgetTurn(thread: ThreadRef, turnId: string, context: Context): Promise<void> {
  const update = new UpdateCommand({
    TableName: table().name,
    Key: keys.head(thread),
    UpdateExpression: 'REMOVE activeTurnId',
    ConditionExpression: 'activeTurnId = :turn',
    ExpressionAttributeValues: { ':turn': turnId },
  });
  await writeIf(send(update, { context }));
}
