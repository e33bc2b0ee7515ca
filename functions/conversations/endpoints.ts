import { appendMessage } from './append-message.ts';
import { cancelTurn } from './cancel-turn.ts';
import { createConversation } from './create-conversation.ts';
import { getConversation } from './get-conversation.ts';
import { getTurn } from './get-turn.ts';
import { getUsage } from './get-usage.ts';
import { listConversations } from './list-conversations.ts';
import { listMessages } from './list-messages.ts';
import { updateConversation } from './update-conversation.ts';

export const conversationEndpoints = [
  createConversation,
  listConversations,
  getConversation,
  updateConversation,
  appendMessage,
  listMessages,
  getTurn,
  cancelTurn,
  getUsage,
];
