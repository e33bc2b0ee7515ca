import { previewOf } from '../domain/first-words.ts';
import { idAfter } from '../domain/ids.ts';
import { STATUS_CHARACTERS } from '../domain/limits.ts';
import { textMessage } from '../domain/message.ts';
import type { AskThread } from '../domain/threads.ts';
import { endpoint } from '../http/endpoint.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { createAskThread } from '../store/ask-threads.ts';
import { listsOf } from '../threads/kinds.ts';
import { comms } from './api.ts';
import { type AskScope, askScope, mayActFor } from './care-team.ts';
import { askThreadSchema, askThreadShape } from './shapes.ts';

const body = schema({
  type: 'object',
  properties: {
    member_user_id: { ...field.id, minLength: 1 },
    member_name: field.nonEmptyName,
    member_avatar_url: field.nullableUrl,
    body: field.nonEmptyText,
    assigned_to_user_id: field.nullableId,
    assigned_coach_name: field.nullableName,
    assigned_coach_avatar_url: field.nullableUrl,
    triage_status: { ...field.nonEmptyText, maxLength: STATUS_CHARACTERS, default: 'new' },
  },
  required: ['member_name', 'body'],
});

type Body = Of<typeof body>;

/** A member opens a thread with its first message; staff may do it for a member. */
export const createThread = endpoint({
  operation: 'ask/create-thread',
  summary: 'Create an ask thread',
  api: comms,
  method: 'POST',
  path: '/v1/ask/threads',
  body,
  messageText: 'body',
  responses: { 201: askThreadSchema },
  access: { table: ['PutItem'], indexes: [] },
  authorize: (user, input) => {
    const scope = askScope(user);
    return mayActFor(scope, input.body.member_user_id ?? scope.userId);
  },
  handle: async ({ body, scope, idempotency, context }) => {
    const id = context.newId();
    const { thread, first } = threadOf(body, scope, { id, messageId: idAfter(id) });
    const { result, replayed } = await createAskThread(
      { thread, first, lists: listsOf('ask', thread) },
      { idempotency, context },
    );
    const shown = threadOf(body, scope, result);
    return {
      status: 201,
      body: askThreadShape(shown.thread, { messages: [shown.first], lastReadAt: null }),
      replayed,
    };
  },
});

/** The thread and its first message follow from the request and two ids: a replay makes them again, as they were. */
function threadOf(body: Body, scope: AskScope, { id, messageId }: { id: string; messageId: string }) {
  const memberUserId = body.member_user_id ?? scope.userId;
  const memberAvatarUrl = body.member_avatar_url ?? null;
  const author = { userId: memberUserId, name: body.member_name, avatarUrl: memberAvatarUrl };
  const thread: AskThread = {
    id,
    brandId: scope.brandId,
    memberUserId,
    memberName: body.member_name,
    memberAvatarUrl,
    preview: previewOf(body.body),
    triageStatus: body.triage_status,
    assignedToUserId: body.assigned_to_user_id ?? null,
    coachName: body.assigned_coach_name ?? null,
    coachAvatarUrl: body.assigned_coach_avatar_url ?? null,
    lastMessageId: messageId,
    messageCount: 1,
  };
  return { thread, first: { ...textMessage('member', body.body, author), id: messageId } };
}
