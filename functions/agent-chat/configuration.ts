import { type AgentConfiguration, agentConfiguration } from '../domain/agent-configuration.ts';
import { type FaultLocation, invalid } from '../domain/errors.ts';
import type { FreeJson } from '../domain/json.ts';
import { DESCRIPTION_CHARACTERS, TOOLS_OF_AN_AGENT, URL_CHARACTERS } from '../domain/limits.ts';
import * as field from '../http/schemas.ts';
import { modelConfiguration } from '../model/configuration.ts';
import { toolSchemaFaults } from '../tools/schema.ts';
import { TOOL_NAME } from '../tools/service-rules.ts';
import { toolUrlFault } from '../tools/url.ts';

/** An agent's configuration: free JSON, of which these members mean something. */
export const configuration = {
  ...field.freeJson,
  properties: {
    instructions: field.text,
    model: field.text,
    max_tokens: { type: 'integer', minimum: 1 },
    effort: field.effort,
    tools: {
      type: 'array',
      maxItems: TOOLS_OF_AN_AGENT,
      items: {
        type: 'object',
        properties: {
          name: { type: 'string', pattern: TOOL_NAME.source },
          description: { ...field.text, maxLength: DESCRIPTION_CHARACTERS },
          input_schema: { type: 'object', additionalProperties: true },
          strict: { type: 'boolean' },
          url: { ...field.text, format: 'uri', maxLength: URL_CHARACTERS },
        },
        required: ['name', 'description', 'input_schema', 'url'],
      },
    },
  },
} as const;

const AT = ['body', 'configuration'];

/**
 * What its schema cannot say: the deployment's models and limits, and tools that can be told apart and called.
 *
 * @throws ParleyError validation_error with the place of what is wrong
 */
export function checkConfiguration(json: FreeJson): void {
  const { model, maxTokens, tools } = agentConfiguration(json);
  checkModel({ model, maxTokens }, AT);
  const names = tools.map(({ name }) => name);
  for (const [index, { name, url }] of tools.entries()) {
    const at = [...AT, 'tools', index];
    if (names.indexOf(name) < index)
      throw invalid([...at, 'name'], 'is the name of another tool of this agent', 'unique_items');
    const wrong = toolUrlFault(url);
    if (wrong !== null) throw invalid([...at, 'url'], wrong, 'url');
  }
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

/**
 * The schemas of its tools, which can take as long as a check may.
 *
 * @throws ParleyError validation_error with the place of what is wrong
 */
export function checkToolSchemas(json: FreeJson): void {
  const { tools } = agentConfiguration(json);
  if (tools.length === 0) return;
  const faults = toolSchemaFaults(tools);
  for (const [index, fault] of faults.entries())
    if (fault)
      throw invalid([...AT, 'tools', index, 'input_schema', ...fault.path], fault.message, 'json_schema');
}
