import { agentConfiguration, type Tool } from '../domain/agent-configuration.ts';
import type { Context } from '../domain/context.ts';
import { notFound } from '../domain/errors.ts';
import { ARGUMENT_CHECKS_MS } from '../domain/limits.ts';
import { isUntitled } from '../domain/threads.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { readAgentMetadata } from '../store/agent-threads.ts';
import { readAgent } from '../store/agents.ts';
import * as keys from '../store/keys.ts';
import { toTitled } from '../store/titles.ts';
import type { Item } from '../store/transact.ts';
import type { ToolCalling } from '../tools/call.ts';
import { ASSISTANT, type BoundTool, FROM_THE_USER, type Profile } from './answerer.ts';

/**
 * An agent as its organization has configured it. Its tools are told of the thread past the model, which can neither
 * see nor change that.
 *
 * @throws ParleyError not_found where the agent is gone
 */
export async function agentProfile(threadPk: string, head: Item, context: Context): Promise<Profile> {
  const [organizationId, threadId] = keys.ownerAndIdIn(threadPk);
  const [agent, metadata] = await Promise.all([
    readAgent(organizationId, head.agentId as string),
    readAgentMetadata(threadPk),
  ]);
  if (!agent) throw notFound('Agent');
  const { instructions, model, maxTokens, effort, tools } = agentConfiguration(agent.configuration);
  const usable = await usableOf(tools);
  const allowed = modelConfiguration();
  const checkingTime = { leftMs: ARGUMENT_CHECKS_MS, now: () => context.now() };
  const toolContext = {
    organization_id: organizationId,
    agent_id: agent.id,
    thread_id: threadId,
    metadata,
  };
  return {
    // All of it was checked when the agent was made or edited, by the rules and the deployment's limits of then.
    model: model !== null && allowed.models.includes(model) ? model : allowed.defaultModel,
    maxTokens: Math.min(maxTokens ?? allowed.maxTokens, allowed.maxTokens),
    effort: effort ?? allowed.effort,
    system: [instructions?.trim() ? instructions.toWellFormed() : ASSISTANT, FROM_THE_USER],
    tools: usable.map((tool) => bound(tool, { organizationId, toolContext, checkingTime })),
    isUntitled: isUntitled(toTitled(head)),
  };
}

/** Most agents have no tools: what tools are checked by is loaded for those that do. */
async function usableOf(tools: readonly Tool[]): Promise<readonly Tool[]> {
  if (tools.length === 0) return tools;
  const { usableTools } = await import('../tools/usable-tools.ts');
  return usableTools(tools);
}

function bound(
  tool: Tool,
  whose: Pick<ToolCalling, 'organizationId' | 'toolContext' | 'checkingTime'>,
): BoundTool {
  return {
    ...tool,
    call: async (call, calling) => {
      // Most answers call nothing: what calls are made with is loaded for those that do.
      const { callTool } = await import('../tools/call.ts');
      return callTool(tool, call, { ...whose, ...calling });
    },
  };
}
