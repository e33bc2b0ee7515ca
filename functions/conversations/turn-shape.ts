import { timestampOf } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import { TURN_STATUSES, type Turn } from '../domain/turn.ts';
import { apiUrl } from '../http/api-url.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { toolCallShape } from '../http/tool-call-shape.ts';
import type { StreamShapes } from '../turns/stream.ts';
import { MESSAGE, messageShape, USAGE, usageShape } from './shapes.ts';

const STATUS = { type: 'string', enum: TURN_STATUSES } as const;

/** A turn as other answers point to it. */
const TURN_REFERENCE = {
  type: 'object',
  properties: { id: field.uuid, status: STATUS, url: { type: 'string' } },
  required: ['id', 'status', 'url'],
} as const;

const referenceSchema = schema(TURN_REFERENCE);
export const messageAppendedSchema = schema({
  type: 'object',
  properties: {
    message: MESSAGE,
    assistant_message: { ...MESSAGE, type: ['object', 'null'] },
    /** The turn of a completion. */
    turn: TURN_REFERENCE,
  },
  required: ['message', 'assistant_message'],
});

export const turnPath = schema({
  type: 'object',
  properties: { id: field.uuid, turn_id: field.uuid },
  required: ['id', 'turn_id'],
});

export const turnSchema = schema({
  type: 'object',
  properties: {
    id: field.uuid,
    thread_id: field.uuid,
    status: STATUS,
    message_id: field.uuid,
    assistant_message: { ...MESSAGE, type: ['object', 'null'] },
    usage: USAGE,
    error: {
      type: ['object', 'null'],
      properties: { code: { type: 'string' }, message: { type: 'string' } },
      required: ['code', 'message'],
    },
    started_at: field.timestamp,
    ended_at: { type: ['string', 'null'] },
  },
  required: [
    'id',
    'thread_id',
    'status',
    'message_id',
    'assistant_message',
    'usage',
    'error',
    'started_at',
    'ended_at',
  ],
});

export function turnUrl(conversationId: string): (turnId: string) => string {
  return (turnId) => `${apiUrl()}/v1/conversations/${conversationId}/turns/${turnId}`;
}

export function turnReference(conversationId: string, { id, status }: Turn): Of<typeof referenceSchema> {
  return { id, status, url: turnUrl(conversationId)(id) };
}

export function turnShape(conversationId: string, turn: Turn, answer: Message | null): Of<typeof turnSchema> {
  return {
    id: turn.id,
    thread_id: conversationId,
    status: turn.status,
    message_id: turn.messageId,
    assistant_message: answer && messageShape(conversationId, answer),
    usage: usageShape(turn.usage),
    error: turn.error && { ...turn.error },
    started_at: timestampOf(turn.id),
    ended_at: turn.endedAtMs === null ? null : new Date(turn.endedAtMs).toISOString(),
  };
}

/** How a conversation's streams show what they tell. */
export function streamShapes(conversationId: string): StreamShapes {
  return {
    message: (message) => messageShape(conversationId, message),
    turn: (turn, answer) => turnShape(conversationId, turn, answer),
    toolCall: (call) => ({ id: call.id, ...toolCallShape(call) }),
  };
}
