import { streamMessage as streamAgentMessage } from './agent-chat/stream-message.ts';
import { streamThread } from './agent-chat/stream-thread.ts';
import { streamTurn as streamAgentTurn } from './agent-chat/stream-turn.ts';
import { streamMessage as streamAssistantMessage } from './assistant-chat/stream-message.ts';
import { streamTurn as streamAssistantTurn } from './assistant-chat/stream-turn.ts';
import { streamMessage } from './conversations/stream-message.ts';
import { streamTurn } from './conversations/stream-turn.ts';
import type { AnyStreamEndpoint } from './http/stream-endpoint.ts';

/** Every operation that answers with a stream. */
export const streamEndpoints: readonly AnyStreamEndpoint[] = [
  streamMessage,
  streamTurn,
  streamAgentMessage,
  streamAgentTurn,
  streamThread,
  streamAssistantMessage,
  streamAssistantTurn,
];
