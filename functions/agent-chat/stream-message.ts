import { invalid, notFound } from '../domain/errors.ts';
import { streamEndpoint } from '../http/stream-endpoint.ts';
import { onBusyQuery } from '../http/turn-input.ts';
import { streamCompletion } from '../turns/stream-completion.ts';
import { agentStudio, organizationScope } from './api.ts';
import { findThread } from './find-thread.ts';
import { checkMessage, messageBody, messageOf, threadPath } from './message-input.ts';
import { streamShapes, turnUrl } from './turn-shape.ts';

/** Adds a user's message and streams the agent's answer. */
export const streamMessage = streamEndpoint({
  operation: 'agent-chat/stream-message',
  summary: 'Add a message and stream the AI response (SSE)',
  api: agentStudio,
  servedBy: 'turn-stream',
  method: 'POST',
  path: '/api/v1/chat/{agent_id}/threads/{thread_id}/messages/stream',
  pathParameters: threadPath,
  query: onBusyQuery,
  body: messageBody,
  messageText: 'content',
  check: (input) => {
    checkMessage(input);
    if (input.body.role !== 'user') throw invalid(['body', 'role'], 'must be user for an answer', 'enum');
  },
  authorize: (holder) => organizationScope(holder, 'write'),
  handle: async ({ body, query, path, scope, idempotency, context }) => {
    const { thread, head } = await findThread(scope, path);
    const start = {
      thread,
      head,
      idempotency,
      context,
      onBusy: query.on_busy,
      turnUrl: turnUrl(path),
    };
    const streamed = await streamCompletion(messageOf(body), start, streamShapes(path.thread_id));
    if (!streamed) throw notFound('Thread');
    return streamed;
  },
});
