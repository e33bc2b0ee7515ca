import { notFound } from '../domain/errors.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { findAgentThread } from '../store/agent-threads.ts';
import type { OrganizationScope } from './api.ts';
import type { ThreadPath } from './turn-shape.ts';

/** The thread that a path names. @throws ParleyError not_found */
export async function findThread(
  { organizationId }: OrganizationScope,
  { agent_id: agentId, thread_id: id }: ThreadPath,
): Promise<ThreadRef<'agent'>> {
  const thread = await findAgentThread(organizationId, { agentId, id });
  if (thread === null) throw notFound('Thread');
  return thread;
}
