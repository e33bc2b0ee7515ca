import { notFound } from '../domain/errors.ts';
import { isUntitled } from '../domain/threads.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { toConversation } from '../store/conversations.ts';
import { readHead } from '../store/heads.ts';
import * as keys from '../store/keys.ts';
import type { Item } from '../store/transact.ts';
import { agentProfile } from './agent-profile.ts';
import { assistantProfile } from './assistant-profile.ts';
import { ASSISTANT, FROM_THE_USER, type Profile } from './answerer.ts';
import type { Context } from '../domain/context.ts';

/** Who answers in a thread. @throws ParleyError not_found where there is no such thread, or nobody who answers in it */
export async function profileOf(threadPk: string, context: Context): Promise<Profile> {
  switch (keys.kindOf(threadPk)) {
    case 'AGENT':
      return agentProfile(threadPk, await headOf(threadPk), context);
    case 'ASSISTANT':
      return assistantProfile(threadPk, context);
    case 'CONVERSATION':
      return conversationProfile(await headOf(threadPk));
    case 'ASK':
      throw notFound('Assistant'); // people answer there
  }
}

async function headOf(threadPk: string): Promise<Item> {
  const head = await readHead(threadPk);
  if (!head) throw notFound('Thread');
  return head;
}

function conversationProfile(head: Item): Profile {
  const { maxTokens, effort } = modelConfiguration();
  const conversation = toConversation(head);
  return {
    model: conversation.model,
    maxTokens,
    effort: conversation.effort ?? effort,
    system: [`${ASSISTANT} ${FROM_THE_USER}`],
    tools: [],
    isUntitled: isUntitled(conversation),
  };
}
