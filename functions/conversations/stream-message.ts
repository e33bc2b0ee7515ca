import { notFound } from '../domain/errors.ts';
import { textMessage } from '../domain/message.ts';
import { brandScope } from '../domain/principal.ts';
import { conversationRef } from '../domain/thread-ref.ts';
import { streamEndpoint } from '../http/stream-endpoint.ts';
import { onBusyQuery } from '../http/turn-input.ts';
import { streamCompletion } from '../turns/stream-completion.ts';
import { ai } from './api.ts';
import { checkQuestion, conversationPath, messageBody } from './message-input.ts';
import { streamShapes, turnUrl } from './turn-shape.ts';

/** Appends a user's message and streams the assistant's answer; `mode` is ignored. */
export const streamMessage = streamEndpoint({
  operation: 'conversations/stream-message',
  summary: 'Append a message and stream the answer (SSE)',
  api: ai,
  servedBy: 'turn-stream',
  method: 'POST',
  path: '/v1/conversations/{id}/messages/stream',
  pathParameters: conversationPath,
  query: onBusyQuery,
  body: messageBody,
  messageText: 'content',
  check: ({ body }) => checkQuestion(body),
  authorize: brandScope,
  handle: async ({ body, query, path: { id }, scope, idempotency, context }) => {
    const thread = conversationRef(scope, id);
    const start = {
      thread,
      idempotency,
      context,
      onBusy: query.on_busy,
      turnUrl: turnUrl(id),
    };
    const streamed = await streamCompletion(textMessage('user', body.content), start, streamShapes(id));
    if (!streamed) throw notFound('Conversation');
    return streamed;
  },
});
