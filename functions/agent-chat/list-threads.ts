import { notFound } from '../domain/errors.ts';
import { endpoint } from '../http/endpoint.ts';
import { nextCursorHeader } from '../http/next-cursor.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { listAgentThreads } from '../store/agent-threads.ts';
import { readAgent } from '../store/agents.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { isThreadPosition } from '../store/thread-lists.ts';
import { agentStudio, organizationScope } from './api.ts';
import { agentSummaryShape, agentThreadListSchema } from './thread-shapes.ts';

/** The organization's threads with one of its agents, newest activity first, without messages. */
export const listThreads = endpoint({
  operation: 'agent-chat/list-threads',
  summary: 'List the chat threads of an agent',
  api: agentStudio,
  method: 'GET',
  path: '/api/v1/chat/{agent_id}/threads',
  pathParameters: schema({ type: 'object', properties: { agent_id: field.uuid }, required: ['agent_id'] }),
  query: schema({ type: 'object', properties: { limit: field.limit, cursor: field.cursor } }),
  responses: { 200: agentThreadListSchema },
  access: { table: ['GetItem'], indexes: ['gsi1'] },
  authorize: (holder) => organizationScope(holder, 'read'),
  handle: async ({ path, query, scope }) => {
    const { organizationId } = scope;
    const agentId = path.agent_id;
    const bound = { scope, list: ['agent threads', agentId], isPosition: isThreadPosition };
    const page = { limit: query.limit, after: fromCursor(bound, query.cursor) };
    const [agent, { threads, next }] = await Promise.all([
      readAgent(organizationId, agentId),
      listAgentThreads({ organizationId, agentId }, page),
    ]);
    if (!agent) throw notFound('Agent');
    const headers = nextCursorHeader(toCursor(bound, next));
    return { status: 200, body: threads.map(agentSummaryShape), headers };
  },
});
