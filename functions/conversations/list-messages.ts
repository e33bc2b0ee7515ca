import { notFound } from '../domain/errors.ts';
import { isUuid } from '../domain/ids.ts';
import { brandScope } from '../domain/principal.ts';
import { conversationRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { activeTurnIn } from '../store/active-turn.ts';
import { toConversation } from '../store/conversations.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { readPage } from '../store/message-pages.ts';
import { noticeDeadTurn } from '../turns/notice-dead.ts';
import { ai } from './api.ts';
import { messageListSchema, messageShape } from './shapes.ts';

/** The messages of a conversation, newest first unless asked for from the oldest. */
export const listMessages = endpoint({
  operation: 'conversations/list-messages',
  summary: 'Conversation history',
  api: ai,
  method: 'GET',
  path: '/v1/conversations/{id}/messages',
  pathParameters: schema({ type: 'object', properties: { id: field.uuid }, required: ['id'] }),
  query: schema({
    type: 'object',
    properties: { limit: field.limit, cursor: field.cursor, order: field.order },
  }),
  responses: { 200: messageListSchema },
  access: { table: ['Query', 'GetItem'], indexes: [] },
  settlesTurns: true,
  authorize: brandScope,
  handle: async ({ path, query, scope, context }) => {
    const thread = conversationRef(scope, path.id);
    const bound = { scope, list: ['messages', path.id, query.order], isPosition: isUuid };
    const after = fromCursor(bound, query.cursor);
    const page = await readPage(thread, { order: query.order, after, limit: query.limit });
    if (!page) throw notFound('Conversation');
    await noticeDeadTurn(thread, activeTurnIn(page.head), context);
    const next = page.hasMore ? (page.messages.at(-1)?.id ?? null) : null;
    return {
      status: 200,
      body: {
        total: toConversation(page.head).messageCount,
        messages: page.messages.map((message) => messageShape(path.id, message)),
        next_cursor: toCursor(bound, next),
      },
    };
  },
});
