import { ASSISTANT_TYPES } from '../domain/threads.ts';
import { endpoint } from '../http/endpoint.ts';
import { nextCursorHeader } from '../http/next-cursor.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { listAssistantThreads } from '../store/assistant-threads.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { isThreadPosition } from '../store/thread-lists.ts';
import { readReferences } from '../store/thread-references.ts';
import { chat, companyScope } from './api.ts';
import { assistantSummaryShape, assistantThreadListSchema } from './shapes.ts';

/** A company's threads, all or those with one type of assistant, newest activity first. */
export const listThreads = endpoint({
  operation: 'assistant-chat/list-threads',
  summary: 'List the chat threads of a company',
  api: chat,
  method: 'GET',
  path: '/api/v1/chat/threads',
  query: schema({
    type: 'object',
    properties: {
      company_id: field.integerId,
      assistant_type: { type: ['string', 'null'], enum: [...ASSISTANT_TYPES, null] },
      limit: field.limit,
      cursor: field.cursor,
    },
    required: ['company_id'],
  }),
  responses: { 200: assistantThreadListSchema },
  access: { table: ['BatchGetItem'], indexes: ['gsi1', 'gsi2'] },
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ query, scope, context }) => {
    const { companyId } = scope;
    const type = query.assistant_type ?? null;
    const bound = { scope, list: ['assistant threads', type], isPosition: isThreadPosition };
    const page = { limit: query.limit, after: fromCursor(bound, query.cursor) };
    const { threads, next } = await listAssistantThreads({ companyId, type }, page, context);
    const references = await readReferences(threads, { companyId, consistent: false, context });
    const nothing = { customer: null, location: null };
    const body = threads.map((thread, index) => assistantSummaryShape(thread, references[index] ?? nothing));
    return { status: 200, body, headers: nextCursorHeader(toCursor(bound, next)) };
  },
});
