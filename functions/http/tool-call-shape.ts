import type { ToolCall } from '../domain/message.ts';

/** A tool call as the APIs show it. */
export function toolCallShape({ name, arguments: given, result, error, startedAtMs, endedAtMs }: ToolCall) {
  return {
    tool_name: name,
    arguments: given,
    result,
    error,
    start_time: new Date(startedAtMs).toISOString(),
    end_time: endedAtMs === null ? null : new Date(endedAtMs).toISOString(),
  };
}
