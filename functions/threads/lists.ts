import type { Kind } from '../domain/thread-ref.ts';
import type { AgentThread, AskThread, AssistantThread, Conversation } from '../domain/threads.ts';
import type { Lists } from '../store/heads.ts';
import { agentLists } from './agent-thread.ts';
import { askLists } from './ask-thread.ts';
import { assistantLists } from './assistant-thread.ts';
import { conversationLists } from './conversation.ts';

/** A new thread of each kind. */
interface Threads {
  readonly ask: AskThread;
  readonly conversation: Conversation;
  readonly assistant: AssistantThread;
  readonly agent: AgentThread;
}

const LISTS: { readonly [K in Kind]: (thread: Threads[K]) => Lists } = {
  ask: askLists,
  conversation: conversationLists,
  assistant: assistantLists,
  agent: agentLists,
};

/** Where a new thread is listed. Messages move it there as its kind says. */
export function listsOf<K extends Kind>(kind: K, thread: Threads[K]): Lists {
  return LISTS[kind](thread);
}
