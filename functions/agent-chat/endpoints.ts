import { createAgent } from './create-agent.ts';
import { createThread } from './create-thread.ts';
import { getThread } from './get-thread.ts';
import { listAgents } from './list-agents.ts';
import { listHistory } from './list-history.ts';
import { listThreads } from './list-threads.ts';

export const agentChatEndpoints = [
  createThread,
  listThreads,
  getThread,
  listHistory,
  createAgent,
  listAgents,
];
