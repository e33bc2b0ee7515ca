import { timestampOf } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { type Conversation, shownTitle } from '../domain/threads.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { toolCallShape } from '../http/tool-call-shape.ts';
import { ACTIVE_TURN, activeTurnShape, USAGE, usageShape } from '../http/turn-shape.ts';

export const ROLES = ['user', 'assistant', 'system', 'tool'] as const;

export const MESSAGE = {
  type: 'object',
  properties: {
    id: field.uuid,
    conversation_id: field.uuid,
    role: { type: 'string', enum: ROLES },
    content: { type: 'string' },
    tool_calls: { type: ['array', 'null'], items: {} },
    token_usage: USAGE,
    metadata: field.messageMetadata,
    created_at: { type: 'string' },
  },
  required: [
    'id',
    'conversation_id',
    'role',
    'content',
    'tool_calls',
    'token_usage',
    'metadata',
    'created_at',
  ],
} as const;

const CONVERSATION = {
  type: 'object',
  properties: {
    id: field.uuid,
    user_id: field.uuid,
    brand_id: { type: 'string' },
    started_at: { type: 'string' },
    last_active_at: { type: 'string' },
    model: { type: 'string' },
    title: { type: ['string', 'null'] },
    effort: field.nullableEffort,
    context: { type: 'object', additionalProperties: {} },
  },
  required: [
    'id',
    'user_id',
    'brand_id',
    'started_at',
    'last_active_at',
    'model',
    'title',
    'effort',
    'context',
  ],
} as const;

const total = { type: 'integer', minimum: 0 } as const;
const next_cursor = { type: ['string', 'null'] } as const;

const messageSchema = schema(MESSAGE);
export const conversationSchema = schema({
  ...CONVERSATION,
  properties: { ...CONVERSATION.properties, active_turn: ACTIVE_TURN },
  required: [...CONVERSATION.required, 'active_turn'],
});
export const conversationListSchema = schema({
  type: 'object',
  properties: { total, conversations: { type: 'array', items: CONVERSATION }, next_cursor },
  required: ['total', 'conversations', 'next_cursor'],
});
export const messageListSchema = schema({
  type: 'object',
  properties: { total, messages: { type: 'array', items: MESSAGE }, next_cursor },
  required: ['total', 'messages', 'next_cursor'],
});
type MessageShape = Of<typeof messageSchema>;

/** A conversation as its own answers show it. @param turnUrl where a turn of it is found */
export function conversationShape(
  conversation: Conversation,
  turnUrl: (turnId: string) => string,
): Of<typeof conversationSchema> {
  const active_turn = activeTurnShape(conversation.activeTurnId, turnUrl);
  return { ...conversationSummaryShape(conversation), active_turn };
}

/** The same as its list shows it. Nothing writes a context yet. */
export function conversationSummaryShape(
  conversation: Conversation,
): Of<typeof conversationListSchema>['conversations'][number] {
  return {
    id: conversation.id,
    user_id: conversation.userId,
    brand_id: conversation.brandId,
    started_at: timestampOf(conversation.id),
    last_active_at: timestampOf(conversation.lastMessageId),
    model: conversation.model,
    title: shownTitle(conversation),
    effort: conversation.effort ?? null,
    context: {},
  };
}

/** A message of a conversation; only these four roles are ever written to one. */
export function messageShape(conversationId: string, message: Message): MessageShape {
  return {
    id: message.id,
    conversation_id: conversationId,
    role: message.role as MessageShape['role'],
    content: message.text,
    tool_calls: message.toolCalls?.map(toolCallShape) ?? null,
    token_usage: usageShape(message.usage),
    metadata: message.metadata,
    created_at: timestampOf(message.id),
  };
}
