import type { Message } from '../domain/message.ts';
import type { Turn } from '../domain/turn.ts';
import { apiUrl } from '../http/api-url.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';
import { streamedCallShape } from '../http/tool-call-shape.ts';
import { TURN_REFERENCE, turnFields, turnJson } from '../http/turn-shape.ts';
import type { StreamShapes } from '../turns/stream.ts';
import { AGENT_MESSAGE, agentMessageShape } from './thread-shapes.ts';

/** A thread of an agent, as a path names it. */
export interface ThreadPath {
  readonly agent_id: string;
  readonly thread_id: string;
}

export const turnPath = schema({
  type: 'object',
  properties: { agent_id: field.uuid, thread_id: field.uuid, turn_id: field.uuid },
  required: ['agent_id', 'thread_id', 'turn_id'],
});

/** An added message, or the one that answers it, with the turn that makes the answer. */
export const addedMessageSchema = schema({
  ...AGENT_MESSAGE,
  properties: { ...AGENT_MESSAGE.properties, turn: TURN_REFERENCE },
});

export const turnSchema = schema(turnJson({ anyOf: [AGENT_MESSAGE, { type: 'null' }] }));

export function turnUrl({ agent_id, thread_id }: ThreadPath): (turnId: string) => string {
  return (turnId) => `${apiUrl()}/api/v1/chat/${agent_id}/threads/${thread_id}/turns/${turnId}`;
}

export function turnShape(threadId: string, turn: Turn, answer: Message | null): Of<typeof turnSchema> {
  return {
    ...turnFields(threadId, turn),
    assistant_message: answer && agentMessageShape(threadId, answer),
  };
}

/** How the streams of an agent's thread show what they tell. */
export function streamShapes(threadId: string): StreamShapes {
  return {
    message: (message) => agentMessageShape(threadId, message),
    turn: (turn, answer) => turnShape(threadId, turn, answer),
    toolCall: streamedCallShape,
  };
}
