import type { ThreadRef } from '../domain/thread-ref.ts';
import { type Conversation, isUntitled } from '../domain/threads.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { toConversation } from '../store/conversations.ts';
import type { Lists } from '../store/heads.ts';
import * as keys from '../store/keys.ts';
import type { Item } from '../store/transact.ts';
import { titleFromFirstMessage } from './first-words.ts';
import { ASSISTANT, FROM_THE_USER, type Profile } from './profile.ts';
import type { ThreadKind } from './thread-kind.ts';

/** A user's conversation with the assistant. */
export function conversation(): ThreadKind {
  return {
    headChanges: titleFromFirstMessage,
    messagePointer: null,
    answerMetadata: () => ({}),
  };
}

/** It is listed with the others of its user. */
export function conversationLists({ brandId, userId }: Conversation): Lists {
  return { gsi1pk: keys.conversationsOf(brandId, userId) };
}

/** The model is the user's choice, as long as the deployment allows it, and calls no tools. */
export function conversationProfile(_thread: ThreadRef<'conversation'>, head: Item): Profile {
  const { models, defaultModel, maxTokens, effort } = modelConfiguration();
  const stored = toConversation(head);
  return {
    model: models.includes(stored.model) ? stored.model : defaultModel, // it was allowed when it was chosen
    maxTokens,
    effort: stored.effort ?? effort,
    system: [`${ASSISTANT} ${FROM_THE_USER}`],
    functions: [],
    webhooks: null,
    isUntitled: isUntitled(stored),
  };
}
