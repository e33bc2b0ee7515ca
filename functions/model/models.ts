import type { MessageCreateParamsBase, ThinkingConfigParam } from '@anthropic-ai/sdk/resources/messages';
import type { Effort, ThinkingDisplay } from '../domain/thinking.ts';

/** What a model takes beside the messages. */
interface Model {
  /**
   * `always`: it thinks as much as it likes. `between-tools`: it can be kept from thinking before it speaks, not from
   * thinking between calls of tools. `optional`: it can be kept from thinking. `never`: it does not unless it is told to,
   * which it is not. `unknown`: it may.
   */
  readonly thinking: 'always' | 'between-tools' | 'optional' | 'never' | 'unknown';
  /** Whether a system message may stand among the others. */
  readonly takesSystemRole: boolean;
}

/**
 * Claude's models (platform.claude.com: "Thinking", "Effort", "Mid-conversation system messages", and "What's new" of
 * Opus 5.5, Sonnet 5.5 and Haiku 5.5). Those that think by default take an effort and say how their thinking is shown.
 */
const MODELS: readonly (readonly [RegExp, Model])[] = [
  [/^claude-opus-5-5\b/u, { thinking: 'always', takesSystemRole: true }],
  [/^claude-sonnet-5-5\b/u, { thinking: 'between-tools', takesSystemRole: true }],
  [/^claude-haiku-5-5\b/u, { thinking: 'optional', takesSystemRole: true }],
  [/^claude-opus-4-8\b/u, { thinking: 'unknown', takesSystemRole: true }],
  [/^claude-opus-4-[67]\b/u, { thinking: 'unknown', takesSystemRole: false }],
  [/^claude-(?:[123]|haiku-4|sonnet-4|opus-4)/u, { thinking: 'never', takesSystemRole: false }],
  [/^claude-[a-z]+-[5-9]/u, { thinking: 'unknown', takesSystemRole: true }],
];

/** What nobody knows is told nothing that it could refuse. */
const UNKNOWN: Model = { thinking: 'unknown', takesSystemRole: false };

function modelOf(id: string): Model {
  return MODELS.find(([pattern]) => pattern.test(id))?.[1] ?? UNKNOWN;
}

/** Whether a model takes system messages among the others. */
export function takesSystemRole(model: string): boolean {
  return modelOf(model).takesSystemRole;
}

/** Whether a model can be held to the schemas of its tools ("Structured outputs": from the 4.5 generation on). */
export function takesStrictTools(model: string): boolean {
  return /^claude-[a-z]+-(?:4-[5-9]|[5-9])\b/u.test(model);
}

/** How an answer is to be made. */
export interface AnswerSettings {
  readonly model: string;
  readonly effort: Effort;
  readonly display: ThinkingDisplay;
  /** The longest answer, in tokens. */
  readonly maxTokens: number;
  readonly hasTools: boolean;
}

/** Below this a model that thinks as it likes may have no tokens left to speak. */
const ROOM_TO_THINK_TOKENS = 4_096;

/**
 * The most tokens that one request of a model may produce, thinking and text together (`max_tokens` bounds both). A
 * short answer of a model that cannot be kept from thinking has room for that on top.
 */
export function outputTokens({
  model,
  maxTokens,
  hasTools,
}: Pick<AnswerSettings, 'model' | 'maxTokens' | 'hasTools'>): number {
  if (maxTokens >= ROOM_TO_THINK_TOKENS) return maxTokens;
  const { thinking } = modelOf(model);
  const mayThink = thinking === 'between-tools' ? hasTools : thinking !== 'optional' && thinking !== 'never';
  return mayThink ? maxTokens + ROOM_TO_THINK_TOKENS : maxTokens;
}

/** The same for any answer of these models that has up to `maxTokens`: a shorter one may need more. */
export function mostOutputTokens(models: readonly string[], maxTokens: number): number {
  const lengths = [maxTokens, Math.min(maxTokens, ROOM_TO_THINK_TOKENS - 1)];
  const each = (model: string) =>
    lengths.map((length) => outputTokens({ model, maxTokens: length, hasTools: true }));
  return Math.max(...models.flatMap(each));
}

/** The part of a request by which a model thinks. A short answer is made with the least thinking that it takes. */
export function settingsOf({
  model,
  effort,
  display,
  ...length
}: AnswerSettings): Pick<MessageCreateParamsBase, 'max_tokens' | 'thinking' | 'output_config'> {
  const max_tokens = outputTokens({ model, ...length });
  const { thinking } = modelOf(model);
  if (thinking === 'never' || thinking === 'unknown') return { max_tokens };
  const isShort = length.maxTokens < ROOM_TO_THINK_TOKENS;
  return {
    max_tokens,
    thinking: isShort ? LEAST_THINKING[thinking](display) : adaptive(display),
    output_config: { effort: isShort ? 'low' : effort },
  };
}

function adaptive(display: ThinkingDisplay): ThinkingConfigParam {
  return { type: 'adaptive', display };
}

const LEAST_THINKING: Readonly<
  Record<'always' | 'between-tools' | 'optional', (display: ThinkingDisplay) => ThinkingConfigParam>
> = {
  always: adaptive,
  'between-tools': () => ({ type: 'between_tools' }),
  optional: () => ({ type: 'disabled' }),
};
