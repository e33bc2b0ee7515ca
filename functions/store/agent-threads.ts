import type { Context } from '../domain/context.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import type { FreeJson } from '../domain/json.ts';
import type { Message } from '../domain/message.ts';
import { agentRef, type ThreadRef } from '../domain/thread-ref.ts';
import type { AgentThread, AgentThreadSummary } from '../domain/threads.ts';
import { getItem } from './get-item.ts';
import { attributesOf, type Lists, putHead, readHead } from './heads.ts';
import { type Written, writeIdempotently } from './idempotency.ts';
import * as keys from './keys.ts';
import { readPage } from './message-pages.ts';
import { storedItem } from './stored-item.ts';
import { fromStored, toStored } from './stored-json.ts';
import { listThreads } from './thread-lists.ts';
import type { Item } from './transact.ts';

/** Stores a new thread with an agent. Its metadata stands apart from the head, which every append writes. */
export function createAgentThread(
  { thread, lists }: { thread: AgentThread; lists: Lists },
  idempotency: IdempotentRequest,
  context: Context,
): Promise<Written<{ id: string; anonUserId: string | null }>> {
  const { metadata, organizationId, ...listed } = thread;
  const ref = agentRef({ organizationId }, thread.id);
  const head = putHead(ref, lists, listed);
  const stored = toStored(metadata);
  const detail = stored ? { Put: { Item: storedItem(keys.detail(ref), { metadata: stored }) } } : null;
  const result = { id: thread.id, anonUserId: thread.anonUserId };
  return writeIdempotently(idempotency, { writes: { head, detail }, result }, context);
}

/** A page of the threads of one of an organization's agents, or of all, newest activity first. */
export async function listAgentThreads(
  { organizationId, agentId }: { organizationId: string; agentId: string | null },
  page: { limit: number; after: string | null },
): Promise<{ threads: AgentThreadSummary[]; next: string | null }> {
  const list =
    agentId === null
      ? ({ index: 'gsi2', partitions: keys.agentThreadsIn(organizationId) } as const)
      : ({ index: 'gsi1', partitions: keys.agentThreadsOf(organizationId, agentId) } as const);
  const { heads, next } = await listThreads(list, page);
  return { threads: heads.map((head) => toSummary(head, organizationId)), next };
}

/** An organization's thread without what lists do not show, consistent, or null. */
export async function readAgentThreadSummary(
  organizationId: string,
  id: string,
): Promise<AgentThreadSummary | null> {
  const head = await readHead(agentRef({ organizationId }, id));
  return head && toSummary(head, organizationId);
}

/** An organization's thread with its newest messages, newest first, consistent, or null. */
export async function readAgentThread(
  organizationId: string,
  id: string,
  limit: number,
): Promise<{ thread: AgentThread; messages: readonly Message[] } | null> {
  const ref = agentRef({ organizationId }, id);
  const [page, metadata] = await Promise.all([
    readPage(ref, { order: 'desc', after: null, limit }),
    readAgentMetadata(ref),
  ]);
  if (!page) return null;
  return { thread: { ...toSummary(page.head, organizationId), metadata }, messages: page.messages };
}

/** An organization's thread with this agent, and its head, or null where there is none. */
export async function findAgentThread(
  organizationId: string,
  { agentId, id }: { agentId: string; id: string },
): Promise<{ thread: ThreadRef<'agent'>; head: Item } | null> {
  const thread = agentRef({ organizationId }, id);
  const head = await readHead(thread);
  return head?.agentId === agentId ? { thread, head } : null;
}

/** The metadata of a thread, which stand apart from its head. */
export async function readAgentMetadata(ref: ThreadRef<'agent'>): Promise<FreeJson> {
  return fromStored((await getItem(keys.detail(ref)))?.metadata);
}

/** The thread of an organization's head, which createAgentThread wrote. */
function toSummary(head: Item, organizationId: string): AgentThreadSummary {
  return { ...attributesOf(head), organizationId } as unknown as AgentThreadSummary;
}
