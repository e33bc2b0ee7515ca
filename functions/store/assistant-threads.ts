import type { Context } from '../domain/context.ts';
import type { Assistant, AssistantThread, ThreadReferences } from '../domain/threads.ts';
import { putHead } from './heads.ts';
import * as keys from './keys.ts';
import { type OnceOnly, otherRequest, tryWriteOnce, type Written } from './once.ts';
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
 * @returns null when another request made that assistant meanwhile: read it and try again
 * @throws ParleyError conflict when the Idempotency-Key was used for another request
 */
export async function createAssistantThread(
  { thread, newAssistant, shown }: { thread: AssistantThread; newAssistant: Assistant | null; shown: Shown },
  once: OnceOnly,
  context: Context,
): Promise<Written<Shown> | null> {
  const writes = [
    ...putThread(thread),
    ...(newAssistant ? [putAssistant(thread.companyId, newAssistant)] : []),
  ];
  const tried = await tryWriteOnce(once, { writes, kept: shown }, context);
  if (tried.state === 'mismatched') throw otherRequest();
  return tried.state === 'written' ? tried : null; // only the assistant's write has a condition
}

function putThread(thread: AssistantThread): Write[] {
  const { description, extraData, ...listed } = thread;
  const threadPk = keys.assistantThread(thread.companyId, thread.id);
  const head = putHead(threadPk, { gsi1pk: keys.assistantThreadsOf(thread.companyId) }, listed);
  const stored = toStored(extraData);
  if (description === null && stored === undefined) return [head];
  const detail = { ...keys.detail(threadPk), description, extraData: stored };
  return [head, { Put: { Item: detail } }];
}

function putAssistant(companyId: number, assistant: Assistant): Write {
  return {
    Put: {
      Item: { ...keys.assistant(companyId, assistant.assistantType), ...assistant },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  };
}
