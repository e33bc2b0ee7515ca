import { timestampOf } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { AskThread } from '../domain/threads.ts';
import { type Of, schema } from '../http/schema.ts';

const nullableString = { type: ['string', 'null'] } as const;

const ASK_MESSAGE = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    thread_id: { type: 'string' },
    author_user_id: { type: 'string' },
    author_role: { type: 'string' },
    author_name: { type: 'string' },
    author_avatar_url: nullableString,
    body: { type: 'string' },
    created_at: { type: 'string' },
  },
  required: [
    'id',
    'thread_id',
    'author_user_id',
    'author_role',
    'author_name',
    'author_avatar_url',
    'body',
    'created_at',
  ],
} as const;

const COACH = {
  type: ['object', 'null'],
  properties: { id: nullableString, name: { type: 'string' }, avatar_url: nullableString },
  required: ['id', 'name', 'avatar_url'],
} as const;

/** An ask thread with messages, oldest first. */
export const askThreadSchema = schema({
  type: 'object',
  properties: {
    id: { type: 'string' },
    channel_type: { type: 'string' },
    preview: { type: 'string' },
    last_message_at: { type: 'string' },
    last_read_at: nullableString,
    triage_status: { type: 'string' },
    assigned_to_user_id: nullableString,
    coach: COACH,
    member_user_id: { type: 'string' },
    member_name: { type: 'string' },
    member_avatar_url: nullableString,
    messages: { type: 'array', items: ASK_MESSAGE },
  },
  required: [
    'id',
    'channel_type',
    'preview',
    'last_message_at',
    'last_read_at',
    'triage_status',
    'assigned_to_user_id',
    'coach',
    'member_user_id',
    'member_name',
    'member_avatar_url',
    'messages',
  ],
});
type AskThreadShape = Of<typeof askThreadSchema>;

/** @param messages oldest first */
export function askThreadShape(thread: AskThread, messages: readonly Message[]): AskThreadShape {
  return {
    id: thread.id,
    channel_type: 'ask',
    preview: thread.preview,
    last_message_at: timestampOf(thread.lastMessageId),
    last_read_at: null, // reading is not recorded yet
    triage_status: thread.triageStatus,
    assigned_to_user_id: thread.assignedToUserId,
    coach:
      thread.coachName === null
        ? null
        : { id: thread.assignedToUserId, name: thread.coachName, avatar_url: thread.coachAvatarUrl },
    member_user_id: thread.memberUserId,
    member_name: thread.memberName,
    member_avatar_url: thread.memberAvatarUrl,
    messages: messages.map((message) => askMessageShape(thread.id, message)),
  };
}

function askMessageShape(
  threadId: string,
  { id, role, text, author }: Message,
): AskThreadShape['messages'][number] {
  return {
    id,
    thread_id: threadId,
    author_user_id: author?.userId ?? '', // every message of an ask thread has an author
    author_role: role,
    author_name: author?.name ?? '',
    author_avatar_url: author?.avatarUrl ?? null,
    body: text,
    created_at: timestampOf(id),
  };
}
