import { assistantRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { noticeDeadTurn } from '../turns/notice-dead.ts';
import { chat, companyParameter, companyScope, threadParameter } from './api.ts';
import { assistantThreadSchema } from './shapes.ts';
import { findThread, showThread } from './show-thread.ts';

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
  access: { table: ['BatchGetItem', 'GetItem'], indexes: [] },
  settlesTurns: true,
  authorize: (user, { query }) => companyScope(user, query.company_id),
  handle: async ({ path, scope, context }) => {
    const thread = await findThread(scope.companyId, path.thread_id, context);
    await noticeDeadTurn(assistantRef(scope, thread.id), thread.activeTurnId, context);
    return showThread(thread, context);
  },
});
