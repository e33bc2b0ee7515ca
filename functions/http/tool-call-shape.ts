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

/** A tool call as streams tell of it, twice: a client knows it again by its id. */
export function streamedCallShape(call: ToolCall) {
  return { id: call.id, ...toolCallShape(call) };
}
