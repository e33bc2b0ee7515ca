import { notFound } from '../domain/errors.ts';
import { findAgentThread } from '../store/agent-threads.ts';
import type { OrganizationScope } from './api.ts';
import type { ThreadPath } from './turn-shape.ts';

/** The partition of the thread that a path names. @throws ParleyError not_found */
export async function findThread(
  { organizationId }: OrganizationScope,
  { agent_id: agentId, thread_id: id }: ThreadPath,
): Promise<string> {
  const threadPk = await findAgentThread(organizationId, { agentId, id });
  if (threadPk === null) throw notFound('Thread');
  return threadPk;
}
