import { notFound } from '../domain/errors.ts';
import { isUuid } from '../domain/ids.ts';
import { assistantRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { activeTurnIn } from '../store/active-turn.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { readPage } from '../store/message-pages.ts';
import { noticeDeadTurn } from '../turns/notice-dead.ts';
import { chat, companyScope, threadParameter } from './api.ts';
import { messageListSchema, messageShape } from './message-shape.ts';

/** The messages of a company's thread, newest first unless asked for from the oldest. */
export const listMessages = endpoint({
  operation: 'assistant-chat/list-messages',
  summary: 'Messages of an assistant thread',
  api: chat,
  method: 'GET',
  path: '/api/v1/chat/threads/{thread_id}/messages',
  pathParameters: threadParameter,
  query: schema({
    type: 'object',
    properties: {
      company_id: field.integerId,
      limit: field.limit,
      cursor: field.cursor,
      order: field.order,
    },
    required: ['company_id'],
  }),
  responses: { 200: messageListSchema },
  access: { table: ['Query', 'GetItem'], indexes: [] },
  settlesTurns: true,
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ path: { thread_id: id }, query, scope, context }) => {
    const bound = { scope, list: ['messages', id, query.order], isPosition: isUuid };
    const after = fromCursor(bound, query.cursor);
    const thread = assistantRef(scope, id);
    const page = await readPage(thread, { order: query.order, after, limit: query.limit });
    if (!page) throw notFound('Thread');
    await noticeDeadTurn(thread, activeTurnIn(page.head), context);
    const next = page.hasMore ? (page.messages.at(-1)?.id ?? null) : null;
    return {
      status: 200,
      body: {
        total: Number(page.head.messageCount),
        messages: page.messages.map((message) => messageShape(id, message)),
        next_cursor: toCursor(bound, next),
      },
    };
  },
});
