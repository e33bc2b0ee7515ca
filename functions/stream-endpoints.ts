import { streamThread } from './agent-chat/stream-thread.ts';
import { streamMessage } from './conversations/stream-message.ts';
import { streamTurn } from './conversations/stream-turn.ts';
import type { AnyStreamEndpoint } from './http/stream-endpoint.ts';

/** Every operation that answers with a stream. */
export const streamEndpoints: readonly AnyStreamEndpoint[] = [streamMessage, streamTurn, streamThread];
