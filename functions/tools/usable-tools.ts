import type { Schema } from '@cfworker/json-schema';
import type { Tool } from '../domain/agent-configuration.ts';
import { withDoubles } from '../domain/exact-json.ts';
import { TOOLS_OF_AN_AGENT } from '../domain/limits.ts';
import { runChecks } from './checks.ts';
import { serviceFault, TOOL_NAME } from './service-rules.ts';

/**
 * The tools of a stored agent that the Messages API takes: one that it refuses would have it refuse every request. An
 * agent is checked when it is made and edited, but it may be older than a rule.
 */
export function usableTools(tools: readonly Tool[]): readonly Tool[] {
  const faults = runChecks(
    tools.map(
      ({ inputSchema }) =>
        () =>
          serviceFault(withDoubles(inputSchema) as Schema), // as far as it is not, the metaschema says so
    ),
  );
  const usable = tools.filter(
    (tool, index) => faults[index] === null && TOOL_NAME.test(tool.name) && tool.description.isWellFormed(),
  );
  const names = usable.map((tool) => tool.name);
  return usable.filter((tool, index) => names.indexOf(tool.name) === index).slice(0, TOOLS_OF_AN_AGENT);
}
