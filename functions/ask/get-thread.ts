import { notFound } from '../domain/errors.ts';
import { DETAIL_MESSAGES } from '../domain/limits.ts';
import { askRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { noteRead } from '../store/ask-reads.ts';
import { toAskThread } from '../store/ask-threads.ts';
import { readPage } from '../store/message-pages.ts';
import { comms } from './api.ts';
import { askScope, roleIn } from './care-team.ts';
import { askThreadSchema, askThreadShape } from './shapes.ts';

/**
 * An ask thread with its newest messages, for its member and for staff; to anybody else it does not exist. To look at
 * it is to read it: `last_read_at` says when the caller did so before.
 */
export const getThread = endpoint({
  operation: 'ask/get-thread',
  summary: 'Ask thread detail',
  api: comms,
  method: 'GET',
  path: '/v1/ask/threads/{thread_id}',
  pathParameters: schema({
    type: 'object',
    properties: { thread_id: field.uuid },
    required: ['thread_id'],
  }),
  responses: { 200: askThreadSchema },
  access: { table: ['Query', 'PutItem'], indexes: [] },
  authorize: askScope,
  handle: async ({ path, scope, context }) => {
    const newest = { order: 'desc', after: null, limit: DETAIL_MESSAGES } as const;
    const page = await readPage(askRef(scope, path.thread_id), newest);
    const thread = page && toAskThread(page.head, scope.brandId);
    if (!thread || roleIn(thread, scope) === null) throw notFound('Ask thread');
    const at = new Date(context.now()).toISOString();
    const lastReadAt = await noteRead(thread, { readerId: scope.userId, at }, context);
    const messages = page.messages.toReversed();
    return { status: 200, body: askThreadShape(thread, { messages, lastReadAt }) };
  },
});
