import { notFound } from '../domain/errors.ts';
import { textMessage } from '../domain/message.ts';
import { assistantRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { turnReference } from '../http/turn-shape.ts';
import { TURN_ACCESS } from '../turns/access.ts';
import { answerRequest } from '../turns/answer-request.ts';
import { chat, companyScope, threadParameter } from './api.ts';
import { checkQuestion, messageBody, questionQuery } from './message-input.ts';
import { messageAppendedSchema, messageShape, turnUrl } from './message-shape.ts';

/** Adds a user's message to a company's thread, which the assistant answers. */
export const addMessage = endpoint({
  operation: 'assistant-chat/add-message',
  summary: 'Add a message to an assistant thread; answers the assistant’s message',
  api: chat,
  method: 'POST',
  path: '/api/v1/chat/threads/{thread_id}/messages',
  pathParameters: threadParameter,
  query: questionQuery,
  body: messageBody,
  messageText: 'content',
  responses: { 200: messageAppendedSchema },
  access: TURN_ACCESS,
  waits: true,
  startsTurns: true,
  check: ({ body }) => checkQuestion(body),
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ body, query, path: { thread_id: id }, scope, idempotency, context }) => {
    const thread = assistantRef(scope, id);
    const url = turnUrl(scope.companyId, id);
    const start = { thread, idempotency, context, onBusy: query.on_busy, turnUrl: url };
    const completed = await answerRequest(textMessage('user', body.content), start);
    if (!completed) throw notFound('Thread');
    const { question, answer, turn, replayed } = completed;
    const shown = {
      message: messageShape(id, question),
      assistant_message: answer && messageShape(id, answer),
      turn: turnReference(turn, url),
    };
    return { status: 200, body: shown, replayed };
  },
});
