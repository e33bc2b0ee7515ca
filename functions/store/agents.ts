import type { Agent } from '../domain/agent.ts';
import type { Context } from '../domain/context.ts';
import type { Editable } from '../domain/editable.ts';
import type { IdempotentRequest } from '../domain/idempotency.ts';
import { edit } from './edit.ts';
import { getItem } from './get-item.ts';
import { type Written, writeIdempotently } from './idempotency.ts';
import * as keys from './keys.ts';
import { collect } from './query.ts';
import { storedItem } from './stored-item.ts';
import { fromStored, toStored } from './stored-json.ts';
import type { Item } from './transact.ts';

/** Stores a new agent. */
export function createAgent(
  agent: Agent,
  idempotency: IdempotentRequest,
  context: Context,
): Promise<Written<{ id: string }>> {
  const item = storedItem(keys.agent(agent.organizationId, agent.id), {
    ...agent,
    configuration: toStored(agent.configuration),
    metadata: toStored(agent.metadata),
    gsi1pk: keys.agentsOfStatus(agent.organizationId, agent.status),
    gsi1sk: agent.id,
  });
  return writeIdempotently(
    idempotency,
    { writes: { agent: { Put: { Item: item } } }, result: { id: agent.id } },
    context,
  );
}

/** An organization's agent, consistent, or null. */
export async function readAgent(organizationId: string, id: string): Promise<Agent | null> {
  const item = await getItem(keys.agent(organizationId, id));
  return item && toAgent(item);
}

/**
 * A page of an organization's agents, consistent, or of those of one status, from an index that may lag a second; newest
 * first. `next` is the last one's id.
 */
export async function listAgents(
  organizationId: string,
  { status, limit, after }: { status: string | undefined; limit: number; after: string | null },
): Promise<{ agents: Agent[]; next: string | null }> {
  const list =
    status === undefined
      ? { pk: keys.organization(organizationId), range: keys.AGENTS }
      : ({ index: 'gsi1', pk: keys.agentsOfStatus(organizationId, status) } as const);
  const place = status === undefined ? {} : { gsi1pk: list.pk, gsi1sk: after };
  const start = after === null ? undefined : { ...keys.agent(organizationId, after), ...place };
  const { items, hasMore } = await collect(list, { order: 'desc', start, limit });
  const agents = items.map(toAgent);
  return { agents, next: hasMore ? (agents.at(-1)?.id ?? null) : null };
}

/** The fields of an agent that its organization may edit. */
type AgentChanges = {
  readonly [Field in keyof Omit<Agent, 'id' | 'organizationId' | keyof Editable>]?: Agent[Field] | undefined;
};

/**
 * Edits an organization's agent: what is undefined stays as it is.
 *
 * @param expected the versions of which one must be the agent's, or null for any
 * @throws ParleyError not_found, or precondition_failed when it has another version
 */
export function editAgent(
  { organizationId, id }: Pick<Agent, 'organizationId' | 'id'>,
  { changes, expected }: { changes: AgentChanges; expected: readonly number[] | null },
  context: Context,
): Promise<void> {
  const { configuration, metadata, ...others } = changes;
  const { status } = others;
  const stored = {
    ...others,
    gsi1pk: status && keys.agentsOfStatus(organizationId, status),
    configuration: configuration && (toStored(configuration) ?? null),
    metadata: metadata && (toStored(metadata) ?? null),
  };
  return edit({ what: 'Agent', key: keys.agent(organizationId, id), changes: stored, expected }, context);
}

function toAgent(item: Item): Agent {
  const { version, editedAt } = item as Editable; // as edit wrote it
  return {
    ...(version !== undefined && { version }),
    ...(editedAt !== undefined && { editedAt }),
    id: item.id as string,
    organizationId: item.organizationId as string,
    name: item.name as string,
    configuration: fromStored(item.configuration),
    templateId: item.templateId as string,
    status: item.status as string,
    description: item.description as string | null,
    avatarUrl: item.avatarUrl as string | null,
    metadata: fromStored(item.metadata),
  };
}
