import type { MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';

/**
 * What Claude's models take and do, as platform.claude.com says it ("What's new" of Opus 5.5, Sonnet 5.5 and Haiku 5.5,
 * "Thinking", "Effort"; November 2026). It is not what functions/model/ goes by: two tables that agree by chance would
 * prove nothing.
 */
export interface ModelFacts {
  /** The values of `thinking.type` that are not refused. */
  readonly thinkingTypes: readonly string[];
  /** Whether it thinks when it is told nothing. */
  readonly thinksByDefault: boolean;
  /** The values of `output_config.effort`: none where it takes no effort. */
  readonly efforts: readonly string[];
  /** Whether it refuses what models of the 5.5 generation refuse: sampling, prefilled answers, forced tools. */
  readonly isStrict: boolean;
  readonly maxTokens: number;
  /** The longest prompt. */
  readonly contextTokens: number;
}

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'];
const NEWEST = {
  thinksByDefault: true,
  efforts: EFFORTS,
  isStrict: true,
  maxTokens: 128_000,
  contextTokens: 1_000_000,
};

const FACTS: readonly (readonly [RegExp, ModelFacts])[] = [
  [/^claude-opus-5-5$/u, { ...NEWEST, thinkingTypes: ['adaptive'] }],
  [/^claude-sonnet-5-5$/u, { ...NEWEST, thinkingTypes: ['adaptive', 'between_tools'] }],
  [/^claude-haiku-5-5$/u, { ...NEWEST, thinkingTypes: ['adaptive', 'disabled'] }],
  [
    /^claude-(?:3|haiku-4|sonnet-4|opus-4-(?:[0-6]\b|20))/u,
    {
      thinkingTypes: ['enabled', 'disabled'],
      thinksByDefault: false,
      efforts: [],
      isStrict: false,
      maxTokens: 64_000,
      contextTokens: 200_000,
    },
  ],
];

/** A model that no table knows may refuse whatever it is told beside its messages. */
const UNKNOWN: ModelFacts = {
  thinkingTypes: [],
  thinksByDefault: false,
  efforts: [],
  isStrict: true,
  maxTokens: 128_000,
  contextTokens: 200_000,
};

export function factsOf(model: string): ModelFacts {
  return FACTS.find(([pattern]) => pattern.test(model))?.[1] ?? UNKNOWN;
}

/** With these efforts a model cannot be kept from thinking first. */
const ALWAYS_THINKING_EFFORTS = ['xhigh', 'max'];

/** Which setting the Messages API would refuse a request for, with 400, or null. */
export function brokenSetting(request: MessageCreateParamsBase): string | null {
  const { model, max_tokens, thinking, output_config, tool_choice } = request;
  const facts = factsOf(model);
  const effort = output_config?.effort ?? null;
  if (!Number.isInteger(max_tokens) || max_tokens < 1 || max_tokens > facts.maxTokens)
    return `max_tokens: ${max_tokens} is not between 1 and ${facts.maxTokens}`;
  if (thinking && !facts.thinkingTypes.includes(thinking.type))
    return `thinking.type: ${thinking.type} is not supported by ${model}`;
  if (
    thinking?.type === 'enabled' &&
    (thinking.budget_tokens < 1_024 || thinking.budget_tokens >= max_tokens)
  )
    return 'thinking.budget_tokens: must be at least 1,024 and less than max_tokens';
  if (effort !== null && !facts.efforts.includes(effort))
    return `output_config.effort: ${effort} is not supported by ${model}`;
  if (thinking && ['between_tools', 'disabled'].includes(thinking.type) && isAlwaysThinking(effort))
    return `thinking.type: ${thinking.type} is not supported with effort ${effort}`;
  if (!facts.isStrict) return null;
  if (['temperature', 'top_p', 'top_k'].some((name) => Object.hasOwn(request, name)))
    return 'temperature, top_p and top_k are not supported';
  if (tool_choice && !['auto', 'none'].includes(tool_choice.type))
    return 'tool_choice: forced tool use is not supported';
  return null;
}

function isAlwaysThinking(effort: string | null): boolean {
  return effort !== null && ALWAYS_THINKING_EFFORTS.includes(effort);
}
