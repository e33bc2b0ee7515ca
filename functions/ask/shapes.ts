import { timestampOf } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { AskThread } from '../domain/threads.ts';
import { type Of, schema } from '../http/schema.ts';
import type { AskThreadSummary } from '../store/ask-threads.ts';

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

const SUMMARY = {
  id: { type: 'string' },
  channel_type: { type: 'string' },
  preview: { type: 'string' },
  last_message_at: { type: 'string' },
  last_read_at: nullableString,
  triage_status: { type: 'string' },
  assigned_to_user_id: nullableString,
  coach: COACH,
} as const;
const SUMMARY_NAMES = [
  'id',
  'channel_type',
  'preview',
  'last_message_at',
  'last_read_at',
  'triage_status',
  'assigned_to_user_id',
  'coach',
] as const;

/** A page of ask threads, as a list shows them. */
export const askThreadListSchema = schema({
  type: 'object',
  properties: {
    data: { type: 'array', items: { type: 'object', properties: SUMMARY, required: SUMMARY_NAMES } },
    next_cursor: nullableString,
  },
  required: ['data', 'next_cursor'],
});

/** An ask thread with messages, oldest first. */
export const askThreadSchema = schema({
  type: 'object',
  properties: {
    ...SUMMARY,
    member_user_id: { type: 'string' },
    member_name: { type: 'string' },
    member_avatar_url: nullableString,
    messages: { type: 'array', items: ASK_MESSAGE },
  },
  required: [...SUMMARY_NAMES, 'member_user_id', 'member_name', 'member_avatar_url', 'messages'],
});

/** A reply that is recorded. */
export const askReplySchema = schema({
  type: 'object',
  properties: { thread_id: { type: 'string' }, message: ASK_MESSAGE },
  required: ['thread_id', 'message'],
});

type AskThreadShape = Of<typeof askThreadSchema>;

/** An ask thread without its messages. @param lastReadAt when the caller last read it, or null for never */
export function askSummaryShape(
  thread: AskThreadSummary,
  lastReadAt: string | null,
): Of<typeof askThreadListSchema>['data'][number] {
  return {
    id: thread.id,
    channel_type: 'ask',
    preview: thread.preview,
    last_message_at: timestampOf(thread.lastMessageId),
    last_read_at: lastReadAt,
    triage_status: thread.triageStatus,
    assigned_to_user_id: thread.assignedToUserId,
    coach:
      thread.coachName === null
        ? null
        : { id: thread.assignedToUserId, name: thread.coachName, avatar_url: thread.coachAvatarUrl },
  };
}

/** @param messages oldest first */
export function askThreadShape(
  thread: AskThread,
  { messages, lastReadAt }: { messages: readonly Message[]; lastReadAt: string | null },
): AskThreadShape {
  return {
    ...askSummaryShape(thread, lastReadAt),
    member_user_id: thread.memberUserId,
    member_name: thread.memberName,
    member_avatar_url: thread.memberAvatarUrl,
    messages: messages.map((message) => askMessageShape(thread.id, message)),
  };
}

export function askMessageShape(
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
