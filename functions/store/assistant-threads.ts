import type { Context } from '../domain/context.ts';
import type { Assistant, AssistantThread, ThreadReferences } from '../domain/threads.ts';
import * as keys from './keys.ts';
import { type OnceOnly, type Written, writeOnce } from './once.ts';
import { toStored } from './stored-json.ts';
import type { Write } from './transact.ts';

/** What the first answer shows of other records too, which may change before it is asked for again. */
export interface Shown extends ThreadReferences {
  readonly id: string;
}

/**
 * Stores a new assistant thread, and the company's assistant of that type where it is the first.
 *
 * @param newAssistant the assistant to make in the same transaction, or null where the company has it
 * @returns `assistant-exists` when another request made it meanwhile: read it and try again
 */
export async function createAssistantThread(
  { thread, newAssistant, shown }: { thread: AssistantThread; newAssistant: Assistant | null; shown: Shown },
  once: OnceOnly,
  context: Context,
): Promise<Exclude<Written<Shown>, { state: 'refused' }> | { state: 'assistant-exists' }> {
  const writes = [
    ...putThread(thread),
    ...(newAssistant ? [putAssistant(thread.companyId, newAssistant)] : []),
  ];
  const written = await writeOnce(once, { writes, kept: shown }, context);
  // Only the assistant's write has a condition.
  return written.state === 'refused' ? { state: 'assistant-exists' } : written;
}

function putThread(thread: AssistantThread): Write[] {
  const { description, extraData, lastMessageId, ...attributes } = thread;
  const threadPk = keys.assistantThread(thread.companyId, thread.id);
  const head = {
    ...keys.head(threadPk),
    gsi1pk: keys.assistantThreadsOf(thread.companyId),
    gsi1sk: lastMessageId,
    ...attributes,
  };
  const stored = toStored(extraData);
  if (description === null && stored === undefined) return [{ Put: { Item: head } }];
  const detail = { ...keys.detail(threadPk), description, extraData: stored };
  return [{ Put: { Item: head } }, { Put: { Item: detail } }];
}

function putAssistant(companyId: number, assistant: Assistant): Write {
  return {
    Put: {
      Item: { ...keys.assistant(companyId, assistant.assistantType), ...assistant },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}
