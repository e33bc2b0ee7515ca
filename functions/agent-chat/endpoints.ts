import { addMessage } from './add-message.ts';
import { cancelTurn } from './cancel-turn.ts';
import { createAgent } from './create-agent.ts';
import { createThread } from './create-thread.ts';
import { getAgent } from './get-agent.ts';
import { getThread } from './get-thread.ts';
import { getTurn } from './get-turn.ts';
import { getUsage } from './get-usage.ts';
import { giveFeedback } from './give-feedback.ts';
import { listAgents } from './list-agents.ts';
import { listHistory } from './list-history.ts';
import { listThreads } from './list-threads.ts';
import { updateAgent } from './update-agent.ts';

export const agentChatEndpoints = [
  createThread,
  listThreads,
  getThread,
  listHistory,
  giveFeedback,
  createAgent,
  listAgents,
  getAgent,
  updateAgent,
  addMessage,
  getTurn,
  cancelTurn,
  getUsage,
];
