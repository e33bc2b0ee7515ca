import type { Context as LambdaContext } from 'aws-lambda';
import { type Role, textMessage } from '../../functions/domain/message.ts';
import type { ThreadRef } from '../../functions/domain/thread-ref.ts';
import { contextOf } from '../../functions/http/context.ts';
import { appendMessage } from '../../functions/threads/append-message.ts';

const context = contextOf({ getRemainingTimeInMillis: () => 60_000 } as LambdaContext, {}); // all that is read of it

/**
 * Has something said in a thread that nobody answers, as functions of this process's environment do.
 *
 * @returns the message's id
 */
export async function sayIn(thread: ThreadRef, text: string, role: Role = 'user'): Promise<string> {
  const append = { message: textMessage(role, text), result: (messageId: string) => messageId };
  const appended = await appendMessage(thread, append, { idempotency: null, context });
  if (appended.state !== 'written') throw new Error(`The message is ${appended.state}`);
  return appended.result;
}
