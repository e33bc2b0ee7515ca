import type { Message } from '../domain/message.ts';
import type { Turn } from '../domain/turn.ts';
import { apiUrl } from '../http/api-url.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { streamedCallShape } from '../http/tool-call-shape.ts';
import { TURN_REFERENCE, turnFields, turnJson } from '../http/turn-shape.ts';
import type { StreamShapes } from '../turns/stream.ts';
import { MESSAGE, messageShape } from './shapes.ts';

const NULLABLE_MESSAGE = { ...MESSAGE, type: ['object', 'null'] } as const;

export const messageAppendedSchema = schema({
  type: 'object',
  properties: {
    message: MESSAGE,
    assistant_message: NULLABLE_MESSAGE,
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

export const turnSchema = schema(turnJson(NULLABLE_MESSAGE));

export function turnUrl(conversationId: string): (turnId: string) => string {
  return (turnId) => `${apiUrl()}/v1/conversations/${conversationId}/turns/${turnId}`;
}

export function turnShape(conversationId: string, turn: Turn, answer: Message | null): Of<typeof turnSchema> {
  return {
    ...turnFields(conversationId, turn),
    assistant_message: answer && messageShape(conversationId, answer),
  };
}

/** How a conversation's streams show what they tell. */
export function streamShapes(conversationId: string): StreamShapes {
  return {
    message: (message) => messageShape(conversationId, message),
    turn: (turn, answer) => turnShape(conversationId, turn, answer),
    toolCall: streamedCallShape,
  };
}
