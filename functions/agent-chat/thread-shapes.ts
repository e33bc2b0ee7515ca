import type { Feedback } from '../domain/feedback.ts';
import { timestampOf } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { type AgentThread, type AgentThreadSummary, shownTitle } from '../domain/threads.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { toolCallShape } from '../http/tool-call-shape.ts';
import { ACTIVE_TURN, activeTurnShape } from '../http/turn-shape.ts';
import { FEEDBACK, feedbackShape } from './feedback-shape.ts';

const nullableString = { type: ['string', 'null'] } as const;
const openObject = { type: 'object', additionalProperties: {} } as const;

const TOOL_CALL = {
  type: 'object',
  properties: {
    tool_name: { type: 'string' },
    arguments: openObject,
    result: { type: ['object', 'null'], additionalProperties: {} },
    error: nullableString,
    start_time: field.timestamp,
    end_time: { ...field.timestamp, type: ['string', 'null'] },
  },
} as const;

export const AGENT_MESSAGE = {
  type: 'object',
  properties: {
    id: field.uuid,
    thread_id: field.uuid,
    content: { type: 'string' },
    content_html: nullableString,
    role: { type: 'string' },
    tool_calls: { type: ['array', 'null'], items: TOOL_CALL },
    attachments: { type: ['array', 'null'], items: openObject },
    metadata: { ...field.messageMetadata, type: ['object', 'null'] },
    created_at: field.timestamp,
    feedback: { anyOf: [FEEDBACK, { type: 'null' }] },
  },
} as const;

const AGENT_THREAD = {
  type: 'object',
  properties: {
    id: field.uuid,
    agent_id: field.nullableUuid,
    user_id: field.nullableUuid,
    anon_user_id: field.nullableUuid,
    organization_id: field.nullableUuid,
    title: nullableString,
    metadata: { type: ['object', 'null'], additionalProperties: {} },
    created_at: field.timestamp,
    updated_at: field.timestamp,
    messages: { type: 'array', items: AGENT_MESSAGE },
  },
} as const;

/** A thread with an agent; the lists leave out its messages, and its metadata, which may be long, are null there. */
export const agentThreadSchema = schema({
  ...AGENT_THREAD,
  properties: { ...AGENT_THREAD.properties, active_turn: ACTIVE_TURN },
});
export const agentThreadListSchema = schema({ type: 'array', items: AGENT_THREAD });
export const chatHistorySchema = schema({
  type: 'object',
  properties: { threads: { type: 'array', items: AGENT_THREAD }, next_cursor: nullableString },
  required: ['threads', 'next_cursor'],
});
const agentMessageSchema = schema(AGENT_MESSAGE);
type AgentThreadShape = Of<typeof agentThreadSchema>;
type AgentMessageShape = Of<typeof agentMessageSchema>;

/** What a thread is shown with. */
interface Detail {
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** The caller's, by the message's id. */
  readonly feedback: ReadonlyMap<string, Feedback>;
  /** Where a turn of it is found. */
  readonly turnUrl: (turnId: string) => string;
}

export function agentThreadShape(
  thread: AgentThread,
  { messages, feedback, turnUrl }: Detail,
): AgentThreadShape {
  return {
    ...agentSummaryShape(thread),
    active_turn: activeTurnShape(thread.activeTurnId, turnUrl),
    metadata: thread.metadata,
    messages: messages.map((message) => agentMessageShape(thread.id, message, feedback.get(message.id))),
  };
}

/** The same as lists show it: without messages, and free JSON may be too long for them. */
export function agentSummaryShape(thread: AgentThreadSummary): Of<typeof agentThreadListSchema>[number] {
  return {
    id: thread.id,
    agent_id: thread.agentId,
    user_id: thread.userId,
    anon_user_id: thread.anonUserId,
    organization_id: thread.organizationId,
    title: shownTitle(thread),
    metadata: null,
    created_at: timestampOf(thread.id),
    updated_at: timestampOf(thread.lastMessageId),
  };
}

/**
 * Nothing writes attachments yet.
 *
 * @param feedback the caller's, where they gave any
 */
export function agentMessageShape(
  threadId: string,
  message: Message,
  feedback?: Feedback,
): AgentMessageShape {
  return {
    id: message.id,
    thread_id: threadId,
    content: message.text,
    content_html: message.html ?? null,
    role: message.role,
    tool_calls: message.toolCalls?.map(toolCallShape) ?? null,
    attachments: null,
    metadata: message.metadata,
    created_at: timestampOf(message.id),
    feedback: feedback ? feedbackShape(feedback) : null,
  };
}
