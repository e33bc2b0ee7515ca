import type { Context } from '../domain/context.ts';
import type { FreeJson } from '../domain/json.ts';
import type { Message } from '../domain/message.ts';
import type { AgentThread, AgentThreadSummary } from '../domain/threads.ts';
import { getItem } from './get-item.ts';
import { attributesOf, putHead, readHead } from './heads.ts';
import * as keys from './keys.ts';
import { readPage } from './message-pages.ts';
import { type OnceOnly, type Written, writeOnce } from './once.ts';
import { fromStored, toStored } from './stored-json.ts';
import { listThreads } from './thread-lists.ts';
import type { Item, Write } from './transact.ts';

/** Stores a new thread with an agent. Its metadata stands apart from the head, which every append writes. */
export function createAgentThread(
  thread: AgentThread,
  once: OnceOnly,
  context: Context,
): Promise<Written<{ id: string; anonUserId: string | null }>> {
  const { metadata, organizationId, ...listed } = thread;
  const threadPk = keys.agentThread(organizationId, thread.id);
  const lists = {
    gsi1pk: keys.agentThreadsOf(organizationId, thread.agentId),
    gsi2pk: keys.agentThreadsIn(organizationId),
    gsi2sk: thread.lastMessageId,
  };
  const head = putHead(threadPk, lists, listed);
  const stored = toStored(metadata);
  const detail: Write[] = stored ? [{ Put: { Item: { ...keys.detail(threadPk), metadata: stored } } }] : [];
  const kept = { id: thread.id, anonUserId: thread.anonUserId };
  return writeOnce(once, { writes: [head, ...detail], kept }, context);
}

/** A page of the threads of one of an organization's agents, or of all, newest activity first. */
export async function listAgentThreads(
  { organizationId, agentId }: { organizationId: string; agentId: string | null },
  page: { limit: number; after: string | null },
): Promise<{ threads: AgentThreadSummary[]; next: string | null }> {
  const list =
    agentId === null
      ? ({ index: 'gsi2', pk: keys.agentThreadsIn(organizationId) } as const)
      : ({ index: 'gsi1', pk: keys.agentThreadsOf(organizationId, agentId) } as const);
  const threadPk = (id: string) => keys.agentThread(organizationId, id);
  const { heads, next } = await listThreads({ ...list, threadPk }, page);
  return { threads: heads.map((head) => toSummary(head, organizationId)), next };
}

/** An organization's thread without what lists do not show, consistent, or null. */
export async function readAgentThreadSummary(
  organizationId: string,
  id: string,
): Promise<AgentThreadSummary | null> {
  const head = await readHead(keys.agentThread(organizationId, id));
  return head && toSummary(head, organizationId);
}

/** An organization's thread with its newest messages, newest first, consistent, or null. */
export async function readAgentThread(
  organizationId: string,
  id: string,
  limit: number,
): Promise<{ thread: AgentThread; messages: readonly Message[] } | null> {
  const threadPk = keys.agentThread(organizationId, id);
  const [page, metadata] = await Promise.all([
    readPage(threadPk, { order: 'desc', after: null, limit }),
    readAgentMetadata(threadPk),
  ]);
  if (!page) return null;
  return { thread: { ...toSummary(page.head, organizationId), metadata }, messages: page.messages };
}

/** The partition of an organization's thread with this agent, or null where there is none. */
export async function findAgentThread(
  organizationId: string,
  { agentId, id }: { agentId: string; id: string },
): Promise<string | null> {
  const threadPk = keys.agentThread(organizationId, id);
  return (await readHead(threadPk))?.agentId === agentId ? threadPk : null;
}

/** The metadata of a thread, which stand apart from its head. */
export async function readAgentMetadata(threadPk: string): Promise<FreeJson> {
  return fromStored((await getItem(keys.detail(threadPk)))?.metadata);
}

/** The thread of an organization's head, which createAgentThread wrote. */
function toSummary(head: Item, organizationId: string): AgentThreadSummary {
  return { ...attributesOf(head), organizationId } as unknown as AgentThreadSummary;
}
