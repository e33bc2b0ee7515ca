import { type AgentConfiguration, agentConfiguration, type Tool } from '../domain/agent-configuration.ts';
import { type FaultLocation, invalid } from '../domain/errors.ts';
import type { FreeJson } from '../domain/json.ts';
import { DESCRIPTION_CHARACTERS, TOOLS_OF_AN_AGENT, URL_CHARACTERS } from '../domain/limits.ts';
import * as field from '../http/schemas.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { toolSchemaFault } from '../tools/schema.ts';
import { toolUrlFault } from '../tools/url.ts';

/** What the Messages API takes as the name of a tool (platform.claude.com, "Define tools"). */
const TOOL_NAME = '^[a-zA-Z0-9_-]{1,64}$';

/** An agent's configuration: free JSON, of which these members mean something. */
export const configuration = {
  ...field.freeJson,
  properties: {
    instructions: field.text,
    model: field.text,
    max_tokens: { type: 'integer', minimum: 1 },
    tools: {
      type: 'array',
      maxItems: TOOLS_OF_AN_AGENT,
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', pattern: TOOL_NAME },
          description: { ...field.text, maxLength: DESCRIPTION_CHARACTERS },
          input_schema: { type: 'object', additionalProperties: true },
          url: { ...field.text, maxLength: URL_CHARACTERS },
        },
        required: ['name', 'description', 'input_schema', 'url'],
      },
    },
  },
} as const;

/**
 * What its schema cannot say: the deployment's models and limits, and tools that can be called.
 *
 * @throws ParleyError validation_error with the place of what is wrong
 */
export function checkConfiguration(json: FreeJson): void {
  const at = ['body', 'configuration'];
  const { model, maxTokens, tools } = agentConfiguration(json);
  checkModel({ model, maxTokens }, at);
  const names = tools.map(({ name }) => name);
  tools.forEach((tool, index) => {
    const place = [...at, 'tools', index];
    if (names.indexOf(tool.name) < index)
      throw invalid([...place, 'name'], 'is the name of another tool of this agent', 'unique_items');
    checkTool(tool, place);
  });
}

function checkModel(
  { model, maxTokens }: Pick<AgentConfiguration, 'model' | 'maxTokens'>,
  at: FaultLocation,
): void {
  const allowed = modelConfiguration();
  if (model !== null && !allowed.models.includes(model))
    throw invalid([...at, 'model'], `must be one of ${allowed.models.join(', ')}`, 'enum');
  if (maxTokens !== null && maxTokens > allowed.maxTokens)
    throw invalid([...at, 'max_tokens'], `must be at most ${allowed.maxTokens}`, 'maximum');
}

function checkTool({ url, inputSchema }: Tool, at: FaultLocation): void {
  const wrongUrl = toolUrlFault(url);
  if (wrongUrl !== null) throw invalid([...at, 'url'], wrongUrl, 'url');
  const wrong = toolSchemaFault(inputSchema);
  if (wrong) throw invalid([...at, 'input_schema', ...wrong.path], wrong.message, 'json_schema');
}
