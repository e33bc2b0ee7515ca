import { notFound, ParleyError } from '../domain/errors.ts';
import { textMessage } from '../domain/message.ts';
import { askRef } from '../domain/thread-ref.ts';
import { endpoint } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { toAskThread } from '../store/ask-threads.ts';
import { readHead } from '../store/heads.ts';
import { appendMessage } from '../threads/append-message.ts';
import { comms } from './api.ts';
import { askScope, roleIn } from './care-team.ts';
import { askMessageShape, askReplySchema } from './shapes.ts';

/** The thread's member or staff of the brand say something more. */
export const createReply = endpoint({
  operation: 'ask/create-reply',
  summary: 'Reply in an ask thread',
  api: comms,
  method: 'POST',
  path: '/v1/ask/threads/{thread_id}/replies',
  pathParameters: schema({
    type: 'object',
    properties: { thread_id: field.uuid },
    required: ['thread_id'],
  }),
  body: schema({
    type: 'object',
    properties: {
      author_user_id: field.id,
      author_name: field.nonEmptyName,
      author_avatar_url: field.nullableUrl,
      body: field.nonEmptyText,
    },
    required: ['author_name', 'body'],
  }),
  messageText: 'body',
  responses: { 200: askReplySchema },
  access: { table: ['GetItem', 'UpdateItem', 'PutItem'], indexes: [] },
  authorize: (user, { body }) => {
    const scope = askScope(user);
    if (body.author_user_id === undefined || body.author_user_id === scope.userId) return scope;
    throw new ParleyError('subject_mismatch', 'author_user_id is not the authenticated user');
  },
  handle: async ({ body, path, scope, idempotency, context }) => {
    const thread = askRef(scope, path.thread_id);
    const head = await readHead(thread);
    const role = head && roleIn(toAskThread(head, scope.brandId), scope);
    if (!role) throw notFound('Ask thread');
    const avatarUrl = body.author_avatar_url ?? null;
    const message = textMessage(role, body.body, { userId: scope.userId, name: body.author_name, avatarUrl });
    const result = (messageId: string) => ({ messageId });
    const appended = await appendMessage(thread, { message, result }, { idempotency, context });
    if (appended.state !== 'written') throw notFound('Ask thread');
    const stored = { ...message, id: appended.result.messageId };
    const shown = { thread_id: path.thread_id, message: askMessageShape(path.thread_id, stored) };
    return { status: 200, body: shown, replayed: appended.replayed };
  },
});
