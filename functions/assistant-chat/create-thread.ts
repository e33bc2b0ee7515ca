import { notFound } from '../domain/errors.ts';
import { ASSISTANT_TYPES, type AssistantThread } from '../domain/threads.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { createAssistantThread } from '../store/assistant-threads.ts';
import { readReferencesOfNew } from '../store/thread-references.ts';
import { listsOf } from '../threads/kinds.ts';
import { chat, companyScope } from './api.ts';
import { turnUrl } from './message-shape.ts';
import { assistantThreadSchema, assistantThreadShape } from './shapes.ts';
import { THREAD_FIELDS } from './thread-fields.ts';

/** Starts a thread with one of the company's assistants, scoped to a customer, a location or the company. */
export const createThread = endpoint({
  operation: 'assistant-chat/create-thread',
  summary: 'Create an assistant chat thread',
  api: chat,
  method: 'POST',
  path: '/api/v1/chat/threads',
  query: schema({
    type: 'object',
    properties: {
      company_id: field.integerId,
      customer_id: field.nullableIntegerId,
      location_id: field.nullableId,
      login_customer_id: field.nullableIntegerId,
    },
    required: ['company_id'],
  }),
  body: schema({
    type: 'object',
    properties: {
      ...THREAD_FIELDS,
      assistant_type: { type: 'string', enum: ASSISTANT_TYPES },
      extra_data: field.freeJson,
    },
    required: ['assistant_type'],
  }),
  responses: { 200: assistantThreadSchema },
  access: { table: ['BatchGetItem', 'PutItem'], indexes: [] },
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ body, query, scope, idempotency, context }) => {
    const customerId = query.customer_id ?? null;
    const locationId = query.location_id ?? null;
    const threadOf = ({ id, assistantId }: { id: string; assistantId: string }): AssistantThread => ({
      id,
      companyId: scope.companyId,
      assistantType: body.assistant_type,
      assistantId,
      name: body.name ?? null,
      description: body.description ?? null,
      isCompleted: false,
      customerId,
      loginCustomerId: query.login_customer_id ?? null,
      locationId,
      extraData: body.extra_data ?? {},
      lastMessageId: id,
      messageCount: 0,
    });
    for (;;) {
      const wanted = { type: body.assistant_type, customerId, locationId };
      const {
        assistant: known,
        customer,
        location,
      } = await readReferencesOfNew(scope.companyId, wanted, context);
      if (customerId !== null && !customer) throw notFound(`Google Ads customer ${customerId}`);
      if (locationId !== null && !location) throw notFound(`Google Business location ${locationId}`);
      const assistant = known ?? { id: context.newId(), assistantType: body.assistant_type };
      const shown = { id: context.newId(), assistantId: assistant.id, customer, location };
      const thread = threadOf(shown);
      const lists = listsOf('assistant', thread);
      const created = { thread, lists, newAssistant: known ? null : assistant, shown };
      const written = await createAssistantThread(created, idempotency, context);
      if (!written) continue;
      const { result, replayed } = written;
      const url = turnUrl(scope.companyId, result.id);
      return { status: 200, body: assistantThreadShape(threadOf(result), result, url), replayed };
    }
  },
});
