import type { Context } from '../domain/context.ts';
import type { Kind, ThreadRef } from '../domain/thread-ref.ts';
import { agentProfile } from './agent-thread.ts';
import { askProfile } from './ask-thread.ts';
import { assistantProfile } from './assistant-thread.ts';
import { conversationProfile } from './conversation.ts';
import type { Profile } from './profile.ts';

/** A table apart from the kinds': only functions that make answers bundle prompts and tools. */
const PROFILES: { readonly [K in Kind]: (thread: ThreadRef<K>, context: Context) => Promise<Profile> } = {
  ask: askProfile,
  conversation: conversationProfile,
  assistant: assistantProfile,
  agent: agentProfile,
};

/** Who answers in a thread. @throws ParleyError not_found where there is no such thread, or nobody who answers in it */
export function profileOf<K extends Kind>(thread: ThreadRef<K>, context: Context): Promise<Profile> {
  return PROFILES[thread.kind](thread, context);
}
