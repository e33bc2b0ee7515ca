import type { Agent } from '../domain/agent.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { createAgent as store } from '../store/agents.ts';
import { agentStudio, organizationScope } from './api.ts';
import { checkConfiguration, checkToolSchemas, configuration } from './configuration.ts';
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
    properties: {
      name: field.name,
      configuration,
      template_id: field.uuid,
      description: field.nullableDescription,
      avatar_url: field.nullableUrl,
      metadata: field.freeJson,
    },
    required: ['name', 'configuration', 'template_id'],
  }),
  responses: { 200: agentSchema },
  access: { table: ['PutItem'], indexes: [] },
  check: ({ body }) => {
    checkConfiguration(body.configuration);
    checkToolSchemas(body.configuration);
  },
  authorize: (holder) => organizationScope(holder, 'write'),
  handle: async ({ body, scope, idempotencyKey: key, context }) => {
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
    const { kept, replayed } = await store(agent, { scope, key }, context);
    return { status: 200, body: agentShape(agentOf(kept)), replayed };
  },
});
