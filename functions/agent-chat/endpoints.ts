import { createAgent } from './create-agent.ts';
import { createThread } from './create-thread.ts';
import { listAgents } from './list-agents.ts';

export const agentChatEndpoints = [createThread, createAgent, listAgents];
