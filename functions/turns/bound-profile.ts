import type { Tool } from '../domain/agent-configuration.ts';
import type { Context } from '../domain/context.ts';
import type { FreeJson } from '../domain/json.ts';
import { ARGUMENT_CHECKS_MS } from '../domain/limits.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { ToolResult } from '../domain/tool-result.ts';
import type { Item } from '../store/transact.ts';
import type { OwnTool, Profile, Webhooks } from '../threads/profile.ts';
import { profileOf } from '../threads/profiles.ts';
import type { ToolCalling } from '../tools/call.ts';

/** A profile whose tools are ready to be called for this turn. */
export interface BoundProfile extends Omit<Profile, 'functions' | 'webhooks'> {
  readonly tools: readonly BoundTool[];
}

/** A tool as it is called for this turn. */
interface BoundTool extends Omit<Tool, 'url'> {
  /** @throws the signal's reason */
  readonly call: (
    call: { readonly id: string; readonly arguments: FreeJson },
    calling: { readonly context: Context; readonly signal: AbortSignal },
  ) => Promise<ToolResult>;
}

/** Who answers in a thread, by its head. @throws ParleyError not_found where nobody answers in it */
export async function boundProfile(thread: ThreadRef, head: Item, context: Context): Promise<BoundProfile> {
  const { functions, webhooks, ...profile } = await profileOf(thread, head);
  const own = functions.map((tool) => boundFunction(tool, context));
  return { ...profile, tools: [...own, ...(webhooks ? await boundWebhooks(webhooks, context) : [])] };
}

function boundFunction(tool: OwnTool, context: Context): BoundTool {
  return { ...tool, call: () => tool.call(context) };
}

/** Most threads have no such tools: what checks them is loaded for those that do. */
async function boundWebhooks(
  { tools, organizationId, toolContext }: Webhooks,
  context: Context,
): Promise<readonly BoundTool[]> {
  const { usableTools } = await import('../tools/usable-tools.ts');
  const checkingTime = { leftMs: ARGUMENT_CHECKS_MS, now: () => context.now() };
  return usableTools(tools).map((tool) => boundWebhook(tool, { organizationId, toolContext, checkingTime }));
}

function boundWebhook(
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
