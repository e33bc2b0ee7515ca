import type { Agent } from '../domain/agent.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import { createAgent as store } from '../store/agents.ts';
import { AGENT_FIELDS, agentChecks } from './agent-fields.ts';
import { agentStudio, organizationScope } from './api.ts';
import { agentSchema, agentShape } from './shapes.ts';

/** Makes an agent of the key's organization. */
export const createAgent = endpoint({
  operation: 'agent-chat/create-agent',
  summary: 'Create an agent',
  api: agentStudio,
  method: 'POST',
  path: '/api/v1/agents',
  body: schema({
    type: 'object',
    properties: AGENT_FIELDS,
    required: ['name', 'configuration', 'template_id'],
  }),
  responses: { 200: agentSchema },
  access: { table: ['PutItem'], indexes: [] },
  ...agentChecks,
  authorize: (holder) => organizationScope(holder, 'write'),
  handle: async ({ body, scope, idempotency, context }) => {
    const agentOf = ({ id }: Pick<Agent, 'id'>): Agent => ({
      id,
      organizationId: scope.organizationId,
      name: body.name,
      configuration: body.configuration,
      templateId: body.template_id,
      status: 'active',
      description: body.description ?? null,
      avatarUrl: body.avatar_url ?? null,
      metadata: body.metadata ?? {},
    });
    const agent = agentOf({ id: context.newId() });
    const { result, replayed } = await store(agent, idempotency, context);
    return { status: 200, body: agentShape(agentOf(result)), replayed };
  },
});
