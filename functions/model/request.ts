import type {
  MessageCreateParamsBase,
  MessageParam,
  Tool as ToolParam,
} from '@anthropic-ai/sdk/resources/messages';
import type { Tool } from '../domain/agent-configuration.ts';
import { type Message, type Role, withoutRefused } from '../domain/message.ts';
import { opened, tokensOf } from '../domain/opening.ts';
import { isBlank } from '../domain/words.ts';
import { withBreakpoint } from './breakpoint.ts';
import { type CallNames, callNames } from './call-names.ts';
import { type AnswerSettings, settingsOf, takesStrictTools, takesSystemRole } from './models.ts';
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
 * already. But for its breakpoint it is a byte-exact extension of the request for any earlier part of it, so the prompt
 * cache is hit: no message is encoded by what can still change. Only a history that has grown too long loses its beginning, in large steps, but
 * never in the middle of an answer; and what a model has thought goes back within the answer alone (docs/thinking.md).
 */
export function requestOf(
  history: readonly Message[],
  { contextTokens, system, tools, mayCall, rounds, ...settings }: RequestOptions,
): MessageCreateParamsBase {
  const { model } = settings;
  // The Messages API refuses text without a visible character, and again whatever it has refused before.
  const visible = withoutRefused(history).filter((message) => !isBlank(message.text) || hasCalls(message));
  const firstQuestion = visible.findIndex(({ role }) => role === 'user');
  const isLeading = ({ role }: Message, index: number) => role === 'system' && index < firstQuestion;
  const leading = opened(visible.filter(isLeading), contextTokens);
  const rest = trimmed(
    visible.filter((message, index) => !isLeading(message, index)),
    contextTokens - tokensOf(leading),
  );
  const names = callNames(tools.map(({ name }) => name));
  const params = rest.map((message, index) =>
    paramsOf(message, { before: rest[index - 1], after: rest[index + 1], model, names }),
  );
  const lastAnswer = rest.findLastIndex(({ role }) => role === 'assistant');
  const answered = rest.findLastIndex(({ role }, index) => index < lastAnswer && isAsked(role));
  return {
    model,
    ...settingsOf({ ...settings, hasTools: tools.length > 0 }),
    cache_control: { type: 'ephemeral' },
    ...(tools.length > 0 && {
      tools: tools.map((tool) => toolParam(tool, model)),
      tool_choice: { type: mayCall ? 'auto' : 'none' },
    }),
    system: [...system, ...leading.map(({ text }) => text.toWellFormed())].map((text) => ({
      type: 'text',
      text,
    })),
    messages: [
      ...withBreakpoint(params.flat(), params.slice(0, answered + 1).flat().length - 1),
      ...rounds.flatMap((round) => openRoundParams(round, names)),
    ],
  };
}

function toolParam({ name, description, inputSchema, strict }: Omit<Tool, 'url'>, model: string): ToolParam {
  const isStrict = strict === true && takesStrictTools(model);
  const input_schema = inputSchema as ToolParam['input_schema']; // a schema of an object
  return { name, description, input_schema, ...(isStrict && { strict: true }) };
}

interface Place {
  readonly before: Message | undefined;
  readonly after: Message | undefined;
  readonly model: string;
  readonly names: CallNames;
}

function paramsOf(message: Message, place: Place): MessageParam[] {
  const { role } = message;
  const text = message.text.toWellFormed();
  switch (role) {
    case 'assistant':
      // A conversation that starts with an answer: the Messages API wants the user to start.
      if (!place.before && !hasCalls(message))
        return [{ role: 'user', content: labelled('earlier assistant message', text) }];
      if (!hasCalls(message)) return [{ role, content: text }];
      return [
        ...(place.before ? [] : [{ role: 'user' as const, content: '[earlier messages are left out]' }]),
        ...roundParams(message, place.names),
      ];
    case 'system':
      return takesSystem(place)
        ? [{ role, content: text }]
        : [{ role: 'user', content: labelled('system message', text) }];
    case 'tool':
      return [{ role: 'user', content: labelled('tool output', text) }];
    default:
      return [{ role: 'user', content: text }];
  }
}

/** Whether a request may end with such a message. */
function isAsked(role: Role): boolean {
  return role === 'user' || role === 'tool';
}

function hasCalls({ toolCalls }: Message): boolean {
  return toolCalls !== null && toolCalls.length > 0;
}

function labelled(label: string, text: string): string {
  return `[${label}]\n${text}`;
}

/**
 * Where the Messages API takes a system message within `messages`: right after a user's turn and right before an
 * answer (platform.claude.com, "Mid-conversation system messages"). What follows is fixed by the time of any request,
 * because every request ends with a user's message.
 */
function takesSystem({ before, after, model }: Place): boolean {
  const followsUser = before !== undefined && isAsked(before.role);
  return followsUser && after?.role === 'assistant' && takesSystemRole(model);
}
