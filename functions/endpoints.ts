import { agentChatEndpoints } from './agent-chat/endpoints.ts';
import { askEndpoints } from './ask/endpoints.ts';
import { assistantChatEndpoints } from './assistant-chat/endpoints.ts';
import { conversationEndpoints } from './conversations/endpoints.ts';
import { docsEndpoints } from './docs/endpoints.ts';
import { healthEndpoints } from './health/endpoints.ts';
import type { AnyEndpoint } from './http/endpoint.ts';

/** Every operation. Routes, permissions, validators, the local gateway and the OpenAPI document are made from this. */
export const endpoints: readonly AnyEndpoint[] = [
  ...askEndpoints,
  ...conversationEndpoints,
  ...assistantChatEndpoints,
  ...agentChatEndpoints,
  ...healthEndpoints,
  ...docsEndpoints,
];
