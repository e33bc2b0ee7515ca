import type { Kind, ThreadRef } from '../domain/thread-ref.ts';
import { agentThread } from './agent-thread.ts';
import { askThread } from './ask-thread.ts';
import { assistantThread } from './assistant-thread.ts';
import { conversation } from './conversation.ts';
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
