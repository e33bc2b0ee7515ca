import { notFound } from '../domain/errors.ts';
import { brandScope } from '../domain/principal.ts';
import { conversationRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { etagHeader } from '../http/etag.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { toConversation } from '../store/conversations.ts';
import { readHead } from '../store/heads.ts';
import { noticeDeadTurn } from '../turns/notice-dead.ts';
import { ai } from './api.ts';
import { conversationSchema, conversationShape } from './shapes.ts';
import { turnUrl } from './turn-shape.ts';

/** One of the caller's conversations. */
export const getConversation = endpoint({
  operation: 'conversations/get-conversation',
  summary: 'Conversation',
  api: ai,
  method: 'GET',
  path: '/v1/conversations/{id}',
  pathParameters: schema({ type: 'object', properties: { id: field.uuid }, required: ['id'] }),
  responses: { 200: conversationSchema },
  access: { table: ['GetItem'], indexes: [] },
  settlesTurns: true,
  authorize: brandScope,
  handle: async ({ path, scope, context }) => {
    const thread = conversationRef(scope, path.id);
    const head = await readHead(thread);
    if (!head) throw notFound('Conversation');
    const found = toConversation(head);
    await noticeDeadTurn(thread, found.activeTurnId, context);
    return { status: 200, body: conversationShape(found, turnUrl(found.id)), headers: etagHeader(found) };
  },
});
