import { brandScope } from '../domain/principal.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { listConversations as list } from '../store/conversations.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { isThreadPosition } from '../store/thread-lists.ts';
import { ai } from './api.ts';
import { conversationListSchema, conversationSummaryShape } from './shapes.ts';

/** The caller's conversations, newest activity first. */
export const listConversations = endpoint({
  operation: 'conversations/list-conversations',
  summary: "List the caller's conversations",
  api: ai,
  method: 'GET',
  path: '/v1/conversations',
  query: schema({ type: 'object', properties: { limit: field.limit, cursor: field.cursor } }),
  responses: { 200: conversationListSchema },
  access: { table: ['GetItem'], indexes: ['gsi1'] },
  authorize: brandScope,
  handle: async ({ query, scope }) => {
    const bound = { scope, list: ['conversations'], isPosition: isThreadPosition };
    const after = fromCursor(bound, query.cursor);
    const { conversations, next, total } = await list(scope, { limit: query.limit, after });
    return {
      status: 200,
      body: {
        total,
        conversations: conversations.map(conversationSummaryShape),
        next_cursor: toCursor(bound, next),
      },
    };
  },
});
