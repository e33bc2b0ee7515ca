import type { Schema } from '@cfworker/json-schema';
import type { Tool } from '../domain/agent-configuration.ts';
import { withDoubles } from '../domain/exact-json.ts';
import { TOOLS_OF_AN_AGENT } from '../domain/limits.ts';
import { runChecks, type SchemaFault } from './checks.ts';
import { serviceFault, TOOL_NAME } from './service-rules.ts';
import { strictFault } from './strict-rules.ts';

/** How many tools of a request may be strict (platform.claude.com, "Structured outputs"). */
const STRICT_TOOLS = 20;

/**
 * The tools of a stored agent that the Messages API takes: one that it refuses would have it refuse every request. An
 * agent is checked when it is made and edited, but it may be older than a rule. One that cannot be strict is not.
 */
export function usableTools(tools: readonly Tool[]): readonly Tool[] {
  const faults = faultsOf(tools, serviceFault);
  const usable = tools.filter(
    (tool, index) => faults[index] === null && TOOL_NAME.test(tool.name) && tool.description.isWellFormed(),
  );
  const names = usable.map((tool) => tool.name);
  const known = usable
    .filter((tool, index) => names.indexOf(tool.name) === index)
    .slice(0, TOOLS_OF_AN_AGENT);
  const strict = known.filter((tool) => tool.strict === true);
  const looseness = faultsOf(strict, strictFault);
  const kept = strict.filter((_, index) => looseness[index] === null).slice(0, STRICT_TOOLS);
  return known.map((tool) => (kept.includes(tool) ? tool : unstrict(tool)));
}

function faultsOf(tools: readonly Tool[], faultOf: (schema: Schema) => SchemaFault | null) {
  // As far as it is no schema, the metaschema says so.
  return runChecks(
    tools.map(
      ({ inputSchema }) =>
        () =>
          faultOf(withDoubles(inputSchema) as Schema),
    ),
  );
}

function unstrict({ strict: _strict, ...tool }: Tool): Tool {
  return tool;
}
