import type { Message } from '../domain/message.ts';
import type { Turn } from '../domain/turn.ts';
import { readMessage } from '../store/message-pages.ts';

/** The message with which a turn has ended, or null. */
export async function readAnswer(threadPk: string, { assistantMessageId }: Turn): Promise<Message | null> {
  return assistantMessageId === null ? null : readMessage(threadPk, assistantMessageId);
}
