import type { FreeJson } from './json.ts';
import { type Effort, effortIn } from './thinking.ts';

/** A function of an organization's own, which its agent's model may call. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema (2020-12) of the arguments. */
  readonly inputSchema: FreeJson;
  /** Whether the model is held to the schema (the Messages API's `strict`). */
  readonly strict?: boolean;
  /** Where calls are posted. */
  readonly url: string;
}

/** What of an agent's configuration Parley goes by; null where the agent leaves it to the deployment. */
export interface AgentConfiguration {
  readonly instructions: string | null;
  readonly model: string | null;
  /** The longest answer, in tokens. */
  readonly maxTokens: number | null;
  readonly effort: Effort | null;
  readonly tools: readonly Tool[];
}

/**
 * Reads a stored configuration. It is checked when an agent is made or edited, so what has another type here was stored
 * before there was a check: it is left out.
 */
export function agentConfiguration(json: FreeJson): AgentConfiguration {
  const { instructions, model, max_tokens, effort, tools } = json;
  return {
    instructions: typeof instructions === 'string' ? instructions : null,
    model: typeof model === 'string' ? model : null,
    maxTokens: Number.isSafeInteger(max_tokens) && Number(max_tokens) > 0 ? Number(max_tokens) : null,
    effort: effortIn(effort),
    tools: Array.isArray(tools) ? tools.flatMap(toolsOf) : [],
  };
}

function toolsOf(stored: unknown): Tool[] {
  const { name, description, input_schema: inputSchema, strict, url } = (stored ?? {}) as FreeJson;
  const texts = [name, description, url].every((each) => typeof each === 'string');
  if (!texts || typeof inputSchema !== 'object' || inputSchema === null) return [];
  return [{ name, description, inputSchema, ...(strict === true && { strict }), url } as Tool]; // as just seen
}
