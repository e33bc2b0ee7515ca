import { agentConfiguration } from '../domain/agent-configuration.ts';
import { notFound } from '../domain/errors.ts';
import type { Message } from '../domain/message.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import { type AgentThread, isUntitled } from '../domain/threads.ts';
import { isBlank } from '../domain/words.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { type HeadChanges, LAST_IN_SECOND_LIST } from '../store/advance-head.ts';
import { readAgentMetadata } from '../store/agent-threads.ts';
import { readAgent } from '../store/agents.ts';
import type { Lists } from '../store/heads.ts';
import * as keys from '../store/keys.ts';
import { toTitled } from '../store/titles.ts';
import type { Item } from '../store/transact.ts';
import { titleFromFirstMessage } from './first-words.ts';
import { ASSISTANT, FROM_THE_USER, type Profile } from './profile.ts';
import type { ThreadKind } from './thread-kind.ts';

/** An organization's thread with one of its agents. Feedback names a message by its id alone. */
export function agentThread(thread: ThreadRef<'agent'>): ThreadKind {
  return {
    headChanges,
    messagePointer: (messageId) => keys.messagePointer(thread.organizationId, messageId),
    answerMetadata: (questionId) => ({ human_message_id: questionId }),
  };
}

/** It is listed with the others of its agent, and with all of its organization. */
export function agentLists({ id, organizationId, agentId, lastMessageId }: AgentThread): Lists {
  return {
    gsi1pk: keys.shardOf(keys.agentThreadsOf(organizationId, agentId), id),
    gsi2pk: keys.shardOf(keys.agentThreadsIn(organizationId), id),
    gsi2sk: lastMessageId,
  };
}

function headChanges(message: Message): HeadChanges {
  const { sets, values = {} } = titleFromFirstMessage(message);
  return { sets: [LAST_IN_SECOND_LIST, ...sets], values };
}

/** An agent as its organization has configured it. Its tools learn of the thread past the model. @throws ParleyError not_found */
export async function agentProfile(thread: ThreadRef<'agent'>, head: Item): Promise<Profile> {
  const { organizationId, id } = thread;
  const [agent, metadata] = await Promise.all([
    readAgent(organizationId, head.agentId as string),
    readAgentMetadata(thread),
  ]);
  if (!agent) throw notFound('Agent');
  const { instructions, model, maxTokens, effort, tools } = agentConfiguration(agent.configuration);
  const allowed = modelConfiguration();
  const toolContext = { organization_id: organizationId, agent_id: agent.id, thread_id: id, metadata };
  return {
    // All of it was checked when the agent was made or edited, by the rules and the deployment's limits of then.
    model: model !== null && allowed.models.includes(model) ? model : allowed.defaultModel,
    maxTokens: Math.min(maxTokens ?? allowed.maxTokens, allowed.maxTokens),
    effort: effort ?? allowed.effort,
    system: [
      instructions !== null && !isBlank(instructions) ? instructions.toWellFormed() : ASSISTANT,
      FROM_THE_USER,
    ],
    functions: [],
    webhooks: tools.length === 0 ? null : { organizationId, tools, toolContext },
    isUntitled: isUntitled(toTitled(head)),
  };
}
