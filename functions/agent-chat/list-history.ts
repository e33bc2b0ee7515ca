import { notFound } from '../domain/errors.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { listAgentThreads } from '../store/agent-threads.ts';
import { readAgent } from '../store/agents.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { isThreadPosition } from '../store/thread-lists.ts';
import { agentStudio, organizationScope } from './api.ts';
import { agentSummaryShape, chatHistorySchema } from './thread-shapes.ts';

/** The organization's threads with all of its agents, or with one, newest activity first, without messages. */
export const listHistory = endpoint({
  operation: 'agent-chat/list-history',
  summary: 'Chat history across agents, newest first',
  api: agentStudio,
  method: 'GET',
  path: '/api/v1/chat/history',
  query: schema({
    type: 'object',
    properties: {
      limit: { type: 'integer', minimum: 1, maximum: 50, default: 10 },
      cursor: { ...field.cursor, type: ['string', 'null'] },
      agent_id: field.nullableUuid,
    },
  }),
  responses: { 200: chatHistorySchema },
  access: { table: ['GetItem'], indexes: ['gsi1', 'gsi2'] },
  authorize: (holder) => organizationScope(holder, 'read'),
  handle: async ({ query, scope }) => {
    const { organizationId } = scope;
    const agentId = query.agent_id ?? null;
    const bound = { scope, list: ['chat history', agentId], isPosition: isThreadPosition };
    const page = { limit: query.limit, after: fromCursor(bound, query.cursor) };
    if (agentId !== null && !(await readAgent(organizationId, agentId))) throw notFound('Agent');
    const { threads, next } = await listAgentThreads({ organizationId, agentId }, page);
    const body = { threads: threads.map(agentSummaryShape), next_cursor: toCursor(bound, next) };
    return { status: 200, body };
  },
});
