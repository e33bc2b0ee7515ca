import { notFound } from '../domain/errors.ts';
import type { Feedback } from '../domain/feedback.ts';
import { type AgentThread, titleOrNone } from '../domain/threads.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { createAgentThread } from '../store/agent-threads.ts';
import { readAgent } from '../store/agents.ts';
import { listsOf } from '../threads/kinds.ts';
import { agentStudio, organizationScope } from './api.ts';
import { checkAgent } from './message-input.ts';
import { agentThreadSchema, agentThreadShape } from './thread-shapes.ts';
import { turnUrl } from './turn-shape.ts';

/** Starts a thread with an agent of the key's organization. */
export const createThread = endpoint({
  operation: 'agent-chat/create-thread',
  summary: 'Create a chat thread with an agent',
  api: agentStudio,
  method: 'POST',
  path: '/api/v1/chat/{agent_id}/threads',
  pathParameters: schema({ type: 'object', properties: { agent_id: field.uuid }, required: ['agent_id'] }),
  headers: schema({ type: 'object', properties: { 'x-anon-user-id': field.uuid } }),
  body: schema({
    type: 'object',
    properties: {
      agent_id: field.nullableUuid,
      title: field.nullableName,
      metadata: field.nullableFreeJson,
    },
  }),
  responses: { 200: agentThreadSchema },
  access: { table: ['GetItem', 'PutItem'], indexes: [] },
  check: checkAgent,
  authorize: (holder) => organizationScope(holder, 'write'),
  handle: async ({ path, body, headers, scope, idempotency, context }) => {
    const agent = await readAgent(scope.organizationId, path.agent_id);
    if (!agent) throw notFound('Agent');
    const threadOf = ({ id, anonUserId }: Pick<AgentThread, 'id' | 'anonUserId'>): AgentThread => ({
      id,
      organizationId: scope.organizationId,
      agentId: agent.id,
      userId: scope.userId,
      anonUserId,
      title: titleOrNone(body.title),
      metadata: body.metadata ?? {},
      lastMessageId: id,
      messageCount: 0,
    });
    const thread = threadOf({
      id: context.newId(),
      anonUserId: headers['x-anon-user-id']?.toLowerCase() ?? null,
    });
    const created = { thread, lists: listsOf('agent', thread) };
    const { result, replayed } = await createAgentThread(created, idempotency, context);
    const url = turnUrl({ ...path, thread_id: result.id });
    const detail = { messages: [], feedback: new Map<string, Feedback>(), turnUrl: url };
    return { status: 200, body: agentThreadShape(threadOf(result), detail), replayed };
  },
});
