import { timestampOf } from '../domain/ids.ts';
import type { Message } from '../domain/message.ts';
import type { Turn } from '../domain/turn.ts';
import { apiUrl } from '../http/api-url.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { streamedCallShape, toolCallShape } from '../http/tool-call-shape.ts';
import { TURN_REFERENCE, turnFields, turnJson, USAGE, usageShape } from '../http/turn-shape.ts';
import type { StreamShapes } from '../turns/stream.ts';

const MESSAGE = {
  type: 'object',
  properties: {
    id: field.uuid,
    thread_id: field.uuid,
    role: { type: 'string' },
    content: { type: 'string' },
    tool_calls: { type: ['array', 'null'], items: {} },
    token_usage: USAGE,
    metadata: field.messageMetadata,
    created_at: { type: 'string' },
  },
  required: ['id', 'thread_id', 'role', 'content', 'tool_calls', 'token_usage', 'metadata', 'created_at'],
} as const;
const NULLABLE_MESSAGE = { ...MESSAGE, type: ['object', 'null'] } as const;

const messageSchema = schema(MESSAGE);
export const messageAppendedSchema = schema({
  type: 'object',
  properties: { message: MESSAGE, assistant_message: NULLABLE_MESSAGE, turn: TURN_REFERENCE },
  required: ['message', 'assistant_message', 'turn'],
});
export const messageListSchema = schema({
  type: 'object',
  properties: {
    total: { type: 'integer', minimum: 0 },
    messages: { type: 'array', items: MESSAGE },
    next_cursor: { type: ['string', 'null'] },
  },
  required: ['total', 'messages', 'next_cursor'],
});
export const turnSchema = schema(turnJson(NULLABLE_MESSAGE));

/** A message of an assistant thread, as conversations show theirs. */
export function messageShape(threadId: string, message: Message): Of<typeof messageSchema> {
  return {
    id: message.id,
    thread_id: threadId,
    role: message.role,
    content: message.text,
    tool_calls: message.toolCalls?.map(toolCallShape) ?? null,
    token_usage: usageShape(message.usage),
    metadata: message.metadata,
    created_at: timestampOf(message.id),
  };
}

/** Where a turn of a company's thread is found. */
export function turnUrl(companyId: number, threadId: string): (turnId: string) => string {
  const base = `${apiUrl()}/api/v1/chat/threads/${threadId}/turns`;
  return (turnId) => `${base}/${turnId}?company_id=${companyId}`;
}

export function turnShape(threadId: string, turn: Turn, answer: Message | null): Of<typeof turnSchema> {
  return { ...turnFields(threadId, turn), assistant_message: answer && messageShape(threadId, answer) };
}

/** How an assistant thread's streams show what they tell. */
export function streamShapes(threadId: string): StreamShapes {
  return {
    message: (message) => messageShape(threadId, message),
    turn: (turn, answer) => turnShape(threadId, turn, answer),
    toolCall: streamedCallShape,
  };
}
