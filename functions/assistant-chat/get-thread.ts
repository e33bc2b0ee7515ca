import { endpoint } from '../http/endpoint.ts';
import { chat, companyParameter, companyScope, threadParameter } from './api.ts';
import { assistantThreadSchema } from './shapes.ts';
import { showThread } from './show-thread.ts';

/** A company's thread with what it is scoped to. */
export const getThread = endpoint({
  operation: 'assistant-chat/get-thread',
  summary: 'Assistant chat thread',
  api: chat,
  method: 'GET',
  path: '/api/v1/chat/threads/{thread_id}',
  pathParameters: threadParameter,
  query: companyParameter,
  responses: { 200: assistantThreadSchema },
  access: { table: ['BatchGetItem'], indexes: [] },
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: ({ path, scope, context }) => showThread(scope.companyId, path.thread_id, context),
});
