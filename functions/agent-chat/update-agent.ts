import { notFound } from '../domain/errors.ts';
import { STATUS_CHARACTERS } from '../domain/limits.ts';
import { endpoint } from '../http/endpoint.ts';
import { editHeaders, etagHeader, expectedVersions } from '../http/etag.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { editAgent, readAgent } from '../store/agents.ts';
import { AGENT_FIELDS, agentChecks } from './agent-fields.ts';
import { agentStudio, organizationScope } from './api.ts';
import { agentSchema, agentShape } from './shapes.ts';

/** Edits one of the organization's agents. Free JSON is replaced as a whole: what is in it is the caller's. */
export const updateAgent = endpoint({
  operation: 'agent-chat/update-agent',
  summary: 'Edit an agent',
  api: agentStudio,
  method: 'PATCH',
  path: '/api/v1/agents/{agent_id}',
  pathParameters: schema({ type: 'object', properties: { agent_id: field.uuid }, required: ['agent_id'] }),
  headers: editHeaders,
  body: schema({
    type: 'object',
    properties: {
      ...AGENT_FIELDS,
      status: { ...field.nonEmptyText, maxLength: STATUS_CHARACTERS },
    },
  }),
  responses: { 200: agentSchema },
  access: { table: ['UpdateItem', 'GetItem'], indexes: [] },
  ...agentChecks,
  authorize: (holder) => organizationScope(holder, 'write'),
  handle: async ({ body, path, headers, scope, context }) => {
    const { template_id: templateId, avatar_url: avatarUrl, name, configuration, metadata } = body;
    const { status, description } = body;
    const changes = { name, configuration, templateId, status, description, avatarUrl, metadata };
    const { organizationId } = scope;
    const expected = expectedVersions(headers['if-match']);
    await editAgent({ organizationId, id: path.agent_id }, { changes, expected }, context);
    const agent = await readAgent(organizationId, path.agent_id);
    if (!agent) throw notFound('Agent');
    return { status: 200, body: agentShape(agent), headers: etagHeader(agent) };
  },
});
