import type {
  MessageCreateParamsBase,
  MessageParam,
  Tool as ToolParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Tool } from '../domain/agent-configuration.ts';
import type { Message } from '../domain/message.ts';
import { roundParams } from './tool-rounds.ts';
import { trimmed } from './trim.ts';

export interface RequestOptions {
  readonly model: string;
  readonly maxTokens: number;
  /** The most of a history that the model is sent, in estimated tokens. */
  readonly contextTokens: number;
  /** The operator's own texts. Nothing in them changes from request to request: the cached prefix starts here. */
  readonly system: readonly string[];
  readonly tools: readonly Omit<Tool, 'url'>[];
  /** Whether the tools may be called, and not only be known. */
  readonly mayCall: boolean;
}

/**
 * The request for a history, oldest message first, whose last message is the user's, or an answer that is being made and
 * has called tools. It is a byte-exact extension of
 * the request for any earlier part of it, so the prompt cache is hit: no message is encoded by what can still change.
 * Only a history that has grown too long loses its beginning, in large steps.
 */
export function requestOf(
  history: readonly Message[],
  { model, maxTokens, contextTokens, system, tools, mayCall }: RequestOptions,
): MessageCreateParamsBase {
  // The Messages API refuses text without a visible character.
  const visible = history.filter(({ text, toolCalls }) => text.trim() !== '' || toolCalls);
  const opening = visible.slice(
    0,
    visible.findIndex(({ role }) => role === 'user'),
  );
  const leading = opening.filter(({ role }) => role === 'system');
  const rest = trimmed(
    visible.filter((message) => !leading.includes(message)),
    contextTokens,
  );
  return {
    model,
    max_tokens: maxTokens,
    cache_control: { type: 'ephemeral' },
    ...(tools.length > 0 && {
      tools: tools.map(toolParam),
      tool_choice: { type: mayCall ? 'auto' : 'none' },
    }),
    system: [...system, ...leading.map(({ text }) => text)].map((text) => ({ type: 'text', text })),
    messages: rest.flatMap((message, index) =>
      paramsOf(message, { before: rest[index - 1], after: rest[index + 1], model }),
    ),
  };
}

function toolParam({ name, description, inputSchema }: Omit<Tool, 'url'>): ToolParam {
  return { name, description, input_schema: inputSchema as ToolParam['input_schema'] }; // a schema of an object
}

interface Neighbours {
  readonly before: Message | undefined;
  readonly after: Message | undefined;
  readonly model: string;
}

function paramsOf(message: Message, { before, after, model }: Neighbours): MessageParam[] {
  const { role, text, toolCalls } = message;
  switch (role) {
    case 'assistant':
      if (toolCalls) return roundParams(message);
      // A conversation that starts with an answer: the Messages API wants the user to start.
      return before
        ? [{ role, content: text }]
        : [{ role: 'user', content: labelled('earlier assistant message', text) }];
    case 'system':
      return takesSystem({ before, after, model })
        ? [{ role, content: text }]
        : [{ role: 'user', content: labelled('system message', text) }];
    case 'tool':
      return [{ role: 'user', content: labelled('tool output', text) }];
    default:
      return [{ role: 'user', content: text }];
  }
}

function labelled(label: string, text: string): string {
  return `[${label}]\n${text}`;
}

/** Models that know no system role within `messages`: all before Claude Opus 4.8. */
const WITHOUT_SYSTEM_ROLE = /^claude-(?:[123]|haiku-4|sonnet-4|opus-4-(?:[0-7]\b|20))/u;

/**
 * Where the Messages API takes a system message within `messages`: right after a user's turn and right before an
 * answer (platform.claude.com, "Mid-conversation system messages"). What follows is fixed by the time of any request,
 * because every request ends with a user's message.
 */
function takesSystem({ before, after, model }: Neighbours): boolean {
  const followsUser = before?.role === 'user' || before?.role === 'tool';
  return followsUser && after?.role === 'assistant' && !WITHOUT_SYSTEM_ROLE.test(model);
}
