import { notFound } from '../domain/errors.ts';
import { endpoint } from '../http/endpoint.ts';
import { onBusyQuery } from '../http/turn-input.ts';
import { turnReference } from '../http/turn-shape.ts';
import { appendMessage } from '../threads/append-message.ts';
import { TURN_ACCESS } from '../turns/access.ts';
import { answerRequest } from '../turns/answer-request.ts';
import { agentStudio, organizationScope } from './api.ts';
import { findThread } from './find-thread.ts';
import { checkMessage, messageBody, messageOf, threadPath } from './message-input.ts';
import { agentMessageShape } from './thread-shapes.ts';
import { addedMessageSchema, turnUrl } from './turn-shape.ts';

/**
 * Adds a message to an agent's thread. A user's is answered by the agent, whose message is the answer; one that is not
 * ready in time is found at the turn. Others are stored and answered as they are.
 */
export const addMessage = endpoint({
  operation: 'agent-chat/add-message',
  summary: 'Add a message to a chat thread; answers the agent’s message',
  api: agentStudio,
  method: 'POST',
  path: '/api/v1/chat/{agent_id}/threads/{thread_id}/messages',
  pathParameters: threadPath,
  query: onBusyQuery,
  body: messageBody,
  messageText: 'content',
  responses: { 200: addedMessageSchema },
  access: TURN_ACCESS,
  waits: true,
  startsTurns: true,
  check: checkMessage,
  authorize: (holder) => organizationScope(holder, 'write'),
  handle: async ({ body, query, path, scope, idempotency, context }) => {
    const { thread, head } = await findThread(scope, path);
    const message = messageOf(body);
    if (message.role !== 'user') {
      const result = (messageId: string) => ({ messageId });
      const appended = await appendMessage(thread, { message, result }, { idempotency, context });
      if (appended.state !== 'written') throw notFound('Thread');
      const stored = { ...message, id: appended.result.messageId };
      return { status: 200, body: agentMessageShape(path.thread_id, stored), replayed: appended.replayed };
    }
    const start = { thread, head, idempotency, context, onBusy: query.on_busy, turnUrl: turnUrl(path) };
    const completed = await answerRequest(message, start);
    if (!completed) throw notFound('Thread');
    const { question, answer, turn, replayed } = completed;
    const shown = {
      ...agentMessageShape(path.thread_id, answer ?? question),
      turn: turnReference(turn, turnUrl(path)),
    };
    return { status: 200, body: shown, replayed };
  },
});
