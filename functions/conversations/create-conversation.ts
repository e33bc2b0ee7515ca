import { brandScope } from '../domain/principal.ts';
import { titleOrNone } from '../domain/threads.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { createConversation as store } from '../store/conversations.ts';
import { listsOf } from '../threads/kinds.ts';
import { ai } from './api.ts';
import { CONVERSATION_FIELDS, checkModel } from './conversation-fields.ts';
import { conversationSchema, conversationShape } from './shapes.ts';
import { turnUrl } from './turn-shape.ts';

/** Starts a conversation; it has no messages yet. */
export const createConversation = endpoint({
  operation: 'conversations/create-conversation',
  summary: 'Create a conversation',
  api: ai,
  method: 'POST',
  path: '/v1/conversations',
  body: schema({ type: 'object', properties: CONVERSATION_FIELDS }),
  responses: { 201: conversationSchema },
  access: { table: ['PutItem', 'UpdateItem'], indexes: [] },
  check: checkModel,
  authorize: brandScope,
  handle: async ({ body, scope, idempotency, context }) => {
    const conversation = ({ id, model }: { id: string; model: string }) => ({
      id,
      brandId: scope.brandId,
      userId: scope.userId,
      model,
      title: titleOrNone(body.title),
      effort: body.effort ?? null,
      lastMessageId: id,
      messageCount: 0,
    });
    const created = conversation({
      id: context.newId(),
      model: body.model ?? modelConfiguration().defaultModel,
    });
    const lists = listsOf('conversation', created);
    const { result, replayed } = await store({ conversation: created, lists }, idempotency, context);
    return { status: 201, body: conversationShape(conversation(result), turnUrl(result.id)), replayed };
  },
});
