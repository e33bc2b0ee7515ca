import { notFound } from '../domain/errors.ts';
import { textMessage } from '../domain/message.ts';
import { brandScope } from '../domain/principal.ts';
import { conversationRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { onBusyQuery } from '../http/turn-input.ts';
import { turnReference } from '../http/turn-shape.ts';
import { appendMessage as append } from '../threads/append-message.ts';
import { TURN_ACCESS } from '../turns/access.ts';
import { answerRequest } from '../turns/answer-request.ts';
import { ai } from './api.ts';
import { checkQuestion, conversationPath, messageBody } from './message-input.ts';
import { messageShape } from './shapes.ts';
import { messageAppendedSchema, turnUrl } from './turn-shape.ts';

/** Appends a message; in `chat-completion` the assistant answers it. The message is durable before the model is asked. */
export const appendMessage = endpoint({
  operation: 'conversations/append-message',
  summary: 'Append a message, optionally with a chat completion',
  api: ai,
  method: 'POST',
  path: '/v1/conversations/{id}/messages',
  pathParameters: conversationPath,
  query: onBusyQuery,
  body: messageBody,
  messageText: 'content',
  responses: { 200: messageAppendedSchema },
  access: TURN_ACCESS,
  waits: true,
  startsTurns: true,
  check: ({ body }) => {
    if (body.mode === 'chat-completion') checkQuestion(body);
  },
  authorize: brandScope,
  handle: async ({ body, query, path: { id }, scope, idempotency, context }) => {
    const thread = conversationRef(scope, id);
    const message = textMessage(body.role, body.content);
    if (body.mode === 'chat-completion') {
      const start = { thread, idempotency, context, onBusy: query.on_busy, turnUrl: turnUrl(id) };
      const completed = await answerRequest(message, start);
      if (!completed) throw notFound('Conversation');
      const { question, answer, turn, replayed } = completed;
      const shown = {
        message: messageShape(id, question),
        assistant_message: answer && messageShape(id, answer),
        turn: turnReference(turn, turnUrl(id)),
      };
      return { status: 200, body: shown, replayed };
    }
    const result = (messageId: string) => ({ messageId });
    const appended = await append(thread, { message, result }, { idempotency, context });
    if (appended.state !== 'written') throw notFound('Conversation');
    const stored = { ...message, id: appended.result.messageId };
    const shown = { message: messageShape(id, stored), assistant_message: null };
    return { status: 200, body: shown, replayed: appended.replayed };
  },
});
