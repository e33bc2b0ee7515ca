import { notFound } from '../domain/errors.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { findAgentThread } from '../store/agent-threads.ts';
import type { Item } from '../store/transact.ts';
import type { OrganizationScope } from './api.ts';
import type { ThreadPath } from './turn-shape.ts';

/** The thread that a path names, and its head. @throws ParleyError not_found */
export async function findThread(
  { organizationId }: OrganizationScope,
  { agent_id: agentId, thread_id: id }: ThreadPath,
): Promise<{ thread: ThreadRef<'agent'>; head: Item }> {
  const found = await findAgentThread(organizationId, { agentId, id });
  if (found === null) throw notFound('Thread');
  return found;
}
