import type { Message } from '../domain/message.ts';
import { getItem } from './get-item.ts';
import * as keys from './keys.ts';
import { storedItem } from './stored-item.ts';
import type { Write } from './transact.ts';

/** Where a message of an organization is, who said it, and for an answer to which message. */
export interface MessagePlace extends Pick<Message, 'role' | 'answersId'> {
  readonly threadId: string;
}

/**
 * Puts a small item that says where a message is, so that it is found by its id alone. An index would cost as much as it
 * copies, which for a long message is all of its text.
 */
export function putMessagePointer(key: keys.Key, { threadId, role, answersId }: MessagePlace): Write {
  return { Put: { Item: storedItem(key, { threadId, role, answersId }) } };
}

/** The place of a message in an organization's threads with its agents, consistent, or null. */
export async function findMessage(organizationId: string, id: string): Promise<MessagePlace | null> {
  const pointer = await getItem(keys.messagePointer(organizationId, id));
  return pointer as MessagePlace | null; // as written above
}
