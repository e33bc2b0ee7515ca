import { invalid } from '../domain/errors.ts';
import { brandScope } from '../domain/principal.ts';
import { titleOrNone } from '../domain/threads.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { createConversation as store } from '../store/conversations.ts';
import { listsOf } from '../threads/kinds.ts';
import { ai } from './api.ts';
import { CONVERSATION_FIELDS } from './conversation-fields.ts';
import { conversationSchema, conversationShape } from './shapes.ts';
import { turnUrl } from './turn-shape.ts';

/** Starts a conversation; it has no messages yet. */
export const createConversation = endpoint({
  operation: 'conversations/create-conversation',
  summary: 'Create a conversation',
  api: ai,
  method: 'POST',
  path: '/v1/conversations',
  body: schema({
    type: 'object',
    properties: { ...CONVERSATION_FIELDS, model: field.text },
  }),
  responses: { 201: conversationSchema },
  access: { table: ['PutItem', 'UpdateItem'], indexes: [] },
  check: ({ body }) => void allowedModel(body.model),
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
    const created = conversation({ id: context.newId(), model: allowedModel(body.model) });
    const lists = listsOf('conversation', created);
    const { result, replayed } = await store({ conversation: created, lists }, idempotency, context);
    return { status: 201, body: conversationShape(conversation(result), turnUrl(result.id)), replayed };
  },
});

/** Which models a deployment allows is its configuration, so no schema can say it. */
function allowedModel(model: string | undefined): string {
  const { models, defaultModel } = modelConfiguration();
  if (model === undefined) return defaultModel;
  if (!models.includes(model))
    throw invalid(['body', 'model'], `must be one of ${models.join(', ')}`, 'enum');
  return model;
}
