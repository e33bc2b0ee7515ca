import type { Agent } from '../domain/agent.ts';
import { timestampOf } from '../domain/ids.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';

const nullableString = { type: ['string', 'null'] } as const;
const openObject = { type: 'object', additionalProperties: {} } as const;

const AGENT = {
  type: 'object',
  properties: {
    id: field.uuid,
    name: { type: 'string' },
    configuration: openObject,
    template_id: field.uuid,
    organization_id: field.uuid,
    status: { type: 'string' },
    created_at: { type: 'string' },
    updated_at: { type: 'string' },
    description: nullableString,
    avatar_url: nullableString,
    metadata: openObject,
    files: { type: 'array', items: openObject },
    team_id: { type: ['array', 'null'], items: { type: 'string' } },
    completed_flows_count: { type: 'integer' },
    pending_flows_count: { type: 'integer' },
    bot_sub: nullableString,
  },
  required: [
    'id',
    'name',
    'configuration',
    'template_id',
    'organization_id',
    'status',
    'created_at',
    'updated_at',
  ],
} as const;

export const agentSchema = schema(AGENT);
export const agentListSchema = schema({ type: 'array', items: AGENT });

/** Parley runs no flows, keeps no files and knows no teams: these stay at what an agent starts with. */
export function agentShape(agent: Agent): Of<typeof agentSchema> {
  return {
    id: agent.id,
    name: agent.name,
    configuration: agent.configuration,
    template_id: agent.templateId,
    organization_id: agent.organizationId,
    status: agent.status,
    created_at: timestampOf(agent.id),
    updated_at: agent.editedAt ?? timestampOf(agent.id),
    description: agent.description,
    avatar_url: agent.avatarUrl,
    metadata: agent.metadata,
    files: [],
    team_id: null,
    completed_flows_count: 0,
    pending_flows_count: 0,
    bot_sub: null,
  };
}
