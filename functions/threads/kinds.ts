import type { Kind, ThreadRef } from '../domain/thread-ref.ts';
import type { AgentThread, AskThread, AssistantThread, Conversation } from '../domain/threads.ts';
import type { Lists } from '../store/heads.ts';
import { agentLists, agentThread } from './agent-thread.ts';
import { askLists, askThread } from './ask-thread.ts';
import { assistantLists, assistantThread } from './assistant-thread.ts';
import { conversation, conversationLists } from './conversation.ts';
import type { ThreadKind } from './thread-kind.ts';

const KINDS: { readonly [K in Kind]: (thread: ThreadRef<K>) => ThreadKind } = {
  ask: askThread,
  conversation,
  assistant: assistantThread,
  agent: agentThread,
};

/** How a thread is stored in the way of its kind. */
export function kindOf<K extends Kind>(thread: ThreadRef<K>): ThreadKind {
  return KINDS[thread.kind](thread);
}

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
