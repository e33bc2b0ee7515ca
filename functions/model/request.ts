import type {
  MessageCreateParamsBase,
  MessageParam,
  Tool as ToolParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Tool } from '../domain/agent-configuration.ts';
import { type Message, withoutRefused } from '../domain/message.ts';
import { type AnswerSettings, settingsOf, takesSystemRole } from './models.ts';
import { openRoundParams, type Round, roundParams } from './tool-rounds.ts';
import { trimmed } from './trim.ts';

export interface RequestOptions extends Omit<AnswerSettings, 'hasTools'> {
  /** The most of a history that the model is sent, in estimated tokens. */
  readonly contextTokens: number;
  /** The operator's own texts. Nothing in them changes from request to request: the cached prefix starts here. */
  readonly system: readonly string[];
  readonly tools: readonly Omit<Tool, 'url'>[];
  /** Whether the tools may be called, and not only be known. */
  readonly mayCall: boolean;
  /** What the model has said and called so far in this answer. */
  readonly rounds: readonly Round[];
}

/**
 * The request for a history, oldest message first, whose last message is the user's, and for what of its answer is there
 * already. It is a byte-exact extension of the request for any earlier part of it, so the prompt cache is hit: no message
 * is encoded by what can still change. Only a history that has grown too long loses its beginning, in large steps, but
 * never in the middle of an answer; and what a model has thought goes back within the answer alone.
 */
export function requestOf(
  history: readonly Message[],
  { contextTokens, system, tools, mayCall, rounds, ...settings }: RequestOptions,
): MessageCreateParamsBase {
  const { model } = settings;
  // The Messages API refuses text without a visible character, and again whatever it has refused before.
  const visible = withoutRefused(history).filter(({ text, toolCalls }) => text.trim() !== '' || toolCalls);
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
    ...settingsOf({ ...settings, hasTools: tools.length > 0 }),
    cache_control: { type: 'ephemeral' },
    ...(tools.length > 0 && {
      tools: tools.map(toolParam),
      tool_choice: { type: mayCall ? 'auto' : 'none' },
    }),
    system: [...system, ...leading.map(({ text }) => text)].map((text) => ({ type: 'text', text })),
    messages: [
      ...rest.flatMap((message, index) =>
        paramsOf(message, { before: rest[index - 1], after: rest[index + 1], model }),
      ),
      ...rounds.flatMap(openRoundParams),
    ],
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

/**
 * Where the Messages API takes a system message within `messages`: right after a user's turn and right before an
 * answer (platform.claude.com, "Mid-conversation system messages"). What follows is fixed by the time of any request,
 * because every request ends with a user's message.
 */
function takesSystem({ before, after, model }: Neighbours): boolean {
  const followsUser = before?.role === 'user' || before?.role === 'tool';
  return followsUser && after?.role === 'assistant' && takesSystemRole(model);
}
