import type { Message } from '../domain/message.ts';
import { getItem } from './get-item.ts';
import * as keys from './keys.ts';
import type { Write } from './transact.ts';

/** Where a message of an organization is, and who said it. */
export interface MessagePlace extends Pick<Message, 'role'> {
  readonly threadId: string;
}

/**
 * What has a message found by those who know only its id: one small item for each of an agent's thread, none for other
 * kinds. An index would cost as much as it copies, which for a long message is all of its text.
 */
export function pointTo(threadPk: string, { id, role }: Message): readonly Write[] {
  if (keys.kindOf(threadPk) !== 'AGENT') return [];
  const { organizationId, threadId } = keys.agentThreadIn(threadPk);
  return [{ Put: { Item: { ...keys.messagePointer(organizationId, id), threadId, role } } }];
}

/** The place of a message in an organization's threads with its agents, consistent, or null. */
export async function findMessage(organizationId: string, id: string): Promise<MessagePlace | null> {
  const pointer = await getItem(keys.messagePointer(organizationId, id));
  return pointer as MessagePlace | null; // as written above
}
