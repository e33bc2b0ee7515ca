import { notFound } from '../domain/errors.ts';
import { DETAIL_MESSAGES } from '../domain/limits.ts';
import { agentRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { readAgentThread } from '../store/agent-threads.ts';
import { feedbackOn } from '../store/feedback.ts';
import { agentStudio, organizationScope } from './api.ts';
import { threadPath } from './message-input.ts';
import { agentThreadSchema, agentThreadShape } from './thread-shapes.ts';

/** A thread with an agent and its newest messages, oldest first, with the caller's feedback. */
export const getThread = endpoint({
  operation: 'agent-chat/get-thread',
  summary: 'Chat thread with its messages',
  api: agentStudio,
  method: 'GET',
  path: '/api/v1/chat/{agent_id}/threads/{thread_id}',
  pathParameters: threadPath,
  responses: { 200: agentThreadSchema },
  access: { table: ['Query', 'GetItem'], indexes: [] },
  authorize: (holder) => organizationScope(holder, 'read'),
  handle: async ({ path, scope }) => {
    const found = await readAgentThread(scope.organizationId, path.thread_id, DETAIL_MESSAGES);
    if (found?.thread.agentId !== path.agent_id) throw notFound('Thread');
    const messages = found.messages.toReversed();
    const feedback = await feedbackOn(agentRef(scope, path.thread_id), scope.userId, messages);
    return { status: 200, body: agentThreadShape(found.thread, messages, feedback) };
  },
});
