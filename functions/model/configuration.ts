import { type Effort, effortIn, THINKING_DISPLAYS, type ThinkingDisplay } from '../domain/thinking.ts';
import { wordsOf } from '../domain/words.ts';

/** What a deployment says about models. */
export interface ModelConfiguration {
  /** The workspace of Claude Platform on AWS that is asked, as the function's role; null where Anthropic's API is, with a key. */
  readonly workspace: string | null;
  /** The models that a conversation may name. */
  readonly models: readonly string[];
  readonly defaultModel: string;
  /** The model that writes titles. */
  readonly titleModel: string;
  /** The longest answer, in tokens: what the model thinks and what it says. */
  readonly maxTokens: number;
  /** How much a model is to think, where nobody says otherwise. */
  readonly effort: Effort;
  /** Whether streams show what a model thinks. */
  readonly thinkingDisplay: ThinkingDisplay;
  /** What stands for an answer that the model refuses without a word. */
  readonly refusalText: string;
  /** The most of a history that a model is sent, in estimated tokens. */
  readonly contextTokens: number;
  /** An answer for which not one byte comes for so long is given up. */
  readonly silenceMs: number;
  /** The tokens that a tenant may use on one day (UTC), or null for any number. */
  readonly tokenBudget: number | null;
  /** What of that one caller may use. */
  readonly tokenBudgetPerUser: number | null;
}

const DEFAULT_MODELS = 'claude-sonnet-5-5 claude-haiku-5-5 claude-opus-5-5';
const DEFAULT_MAX_TOKENS = 16_000;
const DEFAULT_EFFORT = 'medium';
const DEFAULT_REFUSAL_TEXT = 'I can’t help with that.';
const DEFAULT_CONTEXT_TOKENS = 150_000;
/** While a model thinks it sends a ping every 15 to 30 s (anthropic-sdk-typescript, issue 867): three of them. */
const DEFAULT_SILENCE_MS = 90_000;

/** The default model is the configured one, else the first that is allowed. */
export function modelConfiguration(env: NodeJS.ProcessEnv = process.env): ModelConfiguration {
  const models = wordsOf(env.MODELS || DEFAULT_MODELS);
  const defaultModel = env.DEFAULT_MODEL || models[0] || '';
  return {
    workspace: env.MODEL_WORKSPACE || null,
    models,
    defaultModel,
    titleModel: env.TITLE_MODEL || defaultModel,
    maxTokens: Number(env.MODEL_MAX_TOKENS) || DEFAULT_MAX_TOKENS,
    effort: effortIn(env.EFFORT) ?? DEFAULT_EFFORT,
    thinkingDisplay: THINKING_DISPLAYS.find((each) => each === env.THINKING_DISPLAY) ?? 'summarized',
    refusalText: env.REFUSAL_TEXT || DEFAULT_REFUSAL_TEXT,
    contextTokens: Number(env.MODEL_CONTEXT_TOKENS) || DEFAULT_CONTEXT_TOKENS,
    silenceMs: Number(env.MODEL_SILENCE_MS) || DEFAULT_SILENCE_MS,
    tokenBudget: Number(env.TOKEN_BUDGET) || null,
    tokenBudgetPerUser: Number(env.TOKEN_BUDGET_PER_USER) || null,
  };
}
