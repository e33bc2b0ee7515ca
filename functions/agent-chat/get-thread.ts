import { notFound } from '../domain/errors.ts';
import { DETAIL_MESSAGES } from '../domain/limits.ts';
import { agentRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { readAgentThread } from '../store/agent-threads.ts';
import { feedbackOn } from '../store/feedback.ts';
import { noticeDeadTurn } from '../turns/notice-dead.ts';
import { agentStudio, organizationScope } from './api.ts';
import { threadPath } from './message-input.ts';
import { agentThreadSchema, agentThreadShape } from './thread-shapes.ts';
import { turnUrl } from './turn-shape.ts';

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
  settlesTurns: true,
  authorize: (holder) => organizationScope(holder, 'read'),
  handle: async ({ path, scope, context }) => {
    const found = await readAgentThread(scope.organizationId, path.thread_id, DETAIL_MESSAGES);
    if (found?.thread.agentId !== path.agent_id) throw notFound('Thread');
    const messages = found.messages.toReversed();
    const thread = agentRef(scope, path.thread_id);
    const [feedback] = await Promise.all([
      feedbackOn(thread, scope.userId, messages),
      noticeDeadTurn(thread, found.thread.activeTurnId, context),
    ]);
    const detail = { messages, feedback, turnUrl: turnUrl(path) };
    return { status: 200, body: agentThreadShape(found.thread, detail) };
  },
});
