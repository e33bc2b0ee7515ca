import { agentConfiguration, type Tool } from '../domain/agent-configuration.ts';
import { notFound } from '../domain/errors.ts';
import type { FreeJson } from '../domain/json.ts';
import { isUntitled } from '../domain/threads.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { readAgentMetadata } from '../store/agent-threads.ts';
import { readAgent } from '../store/agents.ts';
import * as keys from '../store/keys.ts';
import { toTitled } from '../store/titles.ts';
import type { Item } from '../store/transact.ts';
import { ASSISTANT, type BoundTool, FROM_THE_USER, type Profile } from './answerer.ts';

/**
 * An agent as its organization has configured it. Its tools are told of the thread past the model, which can neither
 * see nor change that.
 *
 * @throws ParleyError not_found where the agent is gone
 */
export async function agentProfile(threadPk: string, head: Item): Promise<Profile> {
  const [organizationId, threadId] = keys.ownerAndIdIn(threadPk);
  const [agent, metadata] = await Promise.all([
    readAgent(organizationId, head.agentId as string),
    readAgentMetadata(threadPk),
  ]);
  if (!agent) throw notFound('Agent');
  const { instructions, model, maxTokens, effort, tools } = agentConfiguration(agent.configuration);
  const allowed = modelConfiguration();
  const toolContext = {
    organization_id: organizationId,
    agent_id: agent.id,
    thread_id: threadId,
    metadata,
  };
  return {
    // Both were checked when the agent was made, by what the deployment allowed then.
    model: model !== null && allowed.models.includes(model) ? model : allowed.defaultModel,
    maxTokens: Math.min(maxTokens ?? allowed.maxTokens, allowed.maxTokens),
    effort: effort ?? allowed.effort,
    system: [instructions?.trim() ? instructions : ASSISTANT, FROM_THE_USER],
    tools: tools.map((tool) => bound(tool, { organizationId, toolContext })),
    isUntitled: isUntitled(toTitled(head)),
  };
}

function bound(tool: Tool, whose: { organizationId: string; toolContext: FreeJson }): BoundTool {
  return {
    ...tool,
    call: async (call, calling) => {
      // Most answers call nothing: what calls are made with is loaded for those that do.
      const { callTool } = await import('../tools/call.ts');
      return callTool(tool, call, { ...whose, ...calling });
    },
  };
}
