import type { Kind, ThreadRef } from '../domain/thread-ref.ts';
import type { Item } from '../store/transact.ts';
import { agentProfile } from './agent-thread.ts';
import { askProfile } from './ask-thread.ts';
import { assistantProfile } from './assistant-thread.ts';
import { conversationProfile } from './conversation.ts';
import type { Profile } from './profile.ts';

/** A table apart from the kinds': only functions that make answers bundle prompts and tools. */
const PROFILES: { readonly [K in Kind]: (thread: ThreadRef<K>, head: Item) => Promise<Profile> | Profile } = {
  ask: askProfile,
  conversation: conversationProfile,
  assistant: assistantProfile,
  agent: agentProfile,
};

/** Who answers in a thread, by its head. @throws ParleyError not_found where nobody answers in it */
export async function profileOf<K extends Kind>(thread: ThreadRef<K>, head: Item): Promise<Profile> {
  return PROFILES[thread.kind](thread, head);
}
