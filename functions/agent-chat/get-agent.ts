import { notFound } from '../domain/errors.ts';
import { endpoint } from '../http/endpoint.ts';
import { etagHeader } from '../http/etag.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { readAgent } from '../store/agents.ts';
import { agentStudio, organizationScope } from './api.ts';
import { agentSchema, agentShape } from './shapes.ts';

/** One of the organization's agents. */
export const getAgent = endpoint({
  operation: 'agent-chat/get-agent',
  summary: 'Agent',
  api: agentStudio,
  method: 'GET',
  path: '/api/v1/agents/{agent_id}',
  pathParameters: schema({ type: 'object', properties: { agent_id: field.uuid }, required: ['agent_id'] }),
  responses: { 200: agentSchema },
  access: { table: ['GetItem'], indexes: [] },
  authorize: (holder) => organizationScope(holder, 'read'),
  handle: async ({ path, scope }) => {
    const agent = await readAgent(scope.organizationId, path.agent_id);
    if (!agent) throw notFound('Agent');
    return { status: 200, body: agentShape(agent), headers: etagHeader(agent) };
  },
});
