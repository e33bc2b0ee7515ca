import { notFound } from '../domain/errors.ts';
import { textMessage } from '../domain/message.ts';
import { assistantRef } from '../domain/thread-ref.ts';
import { streamEndpoint } from '../http/stream-endpoint.ts';
import { streamCompletion } from '../turns/stream-completion.ts';
import { chat, companyScope, threadParameter } from './api.ts';
import { checkQuestion, messageBody, questionQuery } from './message-input.ts';
import { streamShapes, turnUrl } from './message-shape.ts';

/** Adds a user's message to a company's thread and streams the assistant's answer. */
export const streamMessage = streamEndpoint({
  operation: 'assistant-chat/stream-message',
  summary: 'Add a message to an assistant thread and stream the answer (SSE)',
  api: chat,
  servedBy: 'turn-stream',
  method: 'POST',
  path: '/api/v1/chat/threads/{thread_id}/messages/stream',
  pathParameters: threadParameter,
  query: questionQuery,
  body: messageBody,
  messageText: 'content',
  check: ({ body }) => checkQuestion(body),
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ body, query, path: { thread_id: id }, scope, idempotency, context }) => {
    const thread = assistantRef(scope, id);
    const url = turnUrl(scope.companyId, id);
    const start = { thread, idempotency, context, onBusy: query.on_busy, turnUrl: url };
    const streamed = await streamCompletion(textMessage('user', body.content), start, streamShapes(id));
    if (!streamed) throw notFound('Thread');
    return streamed;
  },
});
