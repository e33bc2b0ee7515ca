import { isUuid } from '../domain/ids.ts';
import { endpoint } from '../http/endpoint.ts';
import { nextCursorHeader } from '../http/next-cursor.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { listAgents as list } from '../store/agents.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { agentStudio, organizationScope } from './api.ts';
import { agentListSchema, agentShape } from './shapes.ts';

/**
 * The agents of the key's organization, newest first; `x-next-cursor` leads to the next page. Those of one status come
 * from an index that may lag a second.
 */
export const listAgents = endpoint({
  operation: 'agent-chat/list-agents',
  summary: 'List agents',
  api: agentStudio,
  method: 'GET',
  path: '/api/v1/agents',
  query: schema({
    type: 'object',
    properties: {
      status: { ...field.text, type: ['string', 'null'] },
      limit: field.limit,
      cursor: field.cursor,
    },
  }),
  responses: { 200: agentListSchema },
  access: { table: ['Query'], indexes: ['gsi1'] },
  authorize: (holder) => organizationScope(holder, 'read'),
  handle: async ({ query, scope }) => {
    const status = query.status ?? undefined;
    const bound = { scope, list: ['agents', status ?? null], isPosition: isUuid };
    const after = fromCursor(bound, query.cursor);
    const { agents, next } = await list(scope.organizationId, { status, limit: query.limit, after });
    const headers = nextCursorHeader(toCursor(bound, next));
    return { status: 200, body: agents.map(agentShape), headers };
  },
});
