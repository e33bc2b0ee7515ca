import type { Context } from '../domain/context.ts';
import type { AgentThread } from '../domain/threads.ts';
import { putHead } from './heads.ts';
import * as keys from './keys.ts';
import { type OnceOnly, type Written, writeOnce } from './once.ts';
import { toStored } from './stored-json.ts';
import type { Write } from './transact.ts';

/** Stores a new thread with an agent. Its metadata stands apart from the head, which every append writes. */
export function createAgentThread(
  thread: AgentThread,
  once: OnceOnly,
  context: Context,
): Promise<Written<{ id: string; anonUserId: string | null }>> {
  const { metadata, ...listed } = thread;
  const threadPk = keys.agentThread(thread.organizationId, thread.id);
  const lists = { gsi1pk: keys.agentThreadsOf(thread.organizationId, thread.agentId) };
  const head = putHead(threadPk, lists, listed);
  const stored = toStored(metadata);
  const detail: Write[] = stored ? [{ Put: { Item: { ...keys.detail(threadPk), metadata: stored } } }] : [];
  const kept = { id: thread.id, anonUserId: thread.anonUserId };
  return writeOnce(once, { writes: [head, ...detail], kept }, context);
}
