import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { readsOf } from '../store/ask-reads.ts';
import { listAskThreads } from '../store/ask-threads.ts';
import { fromCursor, toCursor } from '../store/cursor.ts';
import { isThreadPosition } from '../store/thread-lists.ts';
import { comms } from './api.ts';
import { askScope, mayActFor } from './care-team.ts';
import { askSummaryShape, askThreadListSchema } from './shapes.ts';

/** A member's ask threads, newest activity first: the caller's own, and for staff those of any member. */
export const listThreads = endpoint({
  operation: 'ask/list-threads',
  summary: 'List ask threads of the authenticated member',
  api: comms,
  method: 'GET',
  path: '/v1/ask/threads',
  query: schema({
    type: 'object',
    properties: { member_user_id: field.id, limit: field.limit, cursor: field.cursor },
  }),
  responses: { 200: askThreadListSchema },
  access: { table: ['Query'], indexes: ['gsi1'] },
  authorize: (user, { query }) => {
    const scope = askScope(user);
    return mayActFor(scope, query.member_user_id ?? scope.userId);
  },
  handle: async ({ query, scope }) => {
    const { brandId, userId: readerId } = scope;
    const memberUserId = query.member_user_id ?? readerId;
    const bound = { scope, list: ['ask threads', memberUserId], isPosition: isThreadPosition };
    const after = fromCursor(bound, query.cursor);
    const { threads, next } = await listAskThreads({ brandId, memberUserId }, { limit: query.limit, after });
    const ids = threads.map(({ id }) => id);
    const reads = await readsOf({ brandId, memberUserId, readerId }, ids);
    const data = threads.map((thread) => askSummaryShape(thread, reads.get(thread.id) ?? null));
    return { status: 200, body: { data, next_cursor: toCursor(bound, next) } };
  },
});
