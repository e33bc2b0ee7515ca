import { endpoint } from '../http/endpoint.ts';
import { editHeaders, expectedVersions } from '../http/etag.ts';
import { schema } from '../http/schema.ts';
import { editAssistantThread } from '../store/assistant-threads.ts';
import { chat, companyParameter, companyScope, threadParameter } from './api.ts';
import { assistantThreadSchema } from './shapes.ts';
import { findThread, showThread } from './show-thread.ts';
import { THREAD_FIELDS } from './thread-fields.ts';

/** Edits a company's thread. Its place in the list stays. */
export const updateThread = endpoint({
  operation: 'assistant-chat/update-thread',
  summary: 'Edit an assistant chat thread',
  api: chat,
  method: 'PATCH',
  path: '/api/v1/chat/threads/{thread_id}',
  pathParameters: threadParameter,
  query: companyParameter,
  headers: editHeaders,
  body: schema({
    type: 'object',
    properties: { ...THREAD_FIELDS, is_completed: { type: 'boolean' } },
  }),
  responses: { 200: assistantThreadSchema },
  access: { table: ['UpdateItem', 'BatchGetItem'], indexes: [] },
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ body, path, headers, scope, context }) => {
    const { companyId } = scope;
    const { name, description, is_completed: isCompleted } = body;
    const changes = { name, description, isCompleted };
    const expected = expectedVersions(headers['if-match']);
    await editAssistantThread({ companyId, id: path.thread_id }, { changes, expected }, context);
    return showThread(await findThread(companyId, path.thread_id, context), context);
  },
});
