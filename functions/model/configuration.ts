import { wordsOf } from '../domain/words.ts';

/** What a deployment says about models. */
export interface ModelConfiguration {
  /** The models that a conversation may name. */
  readonly models: readonly string[];
  readonly defaultModel: string;
  /** The model that writes titles. */
  readonly titleModel: string;
  /** The longest answer, in tokens. */
  readonly maxTokens: number;
  /** The most of a history that a model is sent, in estimated tokens. */
  readonly contextTokens: number;
  /** An answer in which nothing comes for so long is given up. */
  readonly silenceMs: number;
  /** The tokens that a tenant may use on one day (UTC), or null for any number. */
  readonly tokenBudget: number | null;
}

const DEFAULT_MODELS = 'claude-sonnet-5-5 claude-haiku-5-5 claude-opus-5-5';
const DEFAULT_MAX_TOKENS = 4_096;
const DEFAULT_CONTEXT_TOKENS = 150_000;
const DEFAULT_SILENCE_MS = 20_000;

/** The default model is the configured one, else the first that is allowed. */
export function modelConfiguration(env: NodeJS.ProcessEnv = process.env): ModelConfiguration {
  const models = wordsOf(env.MODELS || DEFAULT_MODELS);
  const defaultModel = env.DEFAULT_MODEL || models[0] || '';
  return {
    models,
    defaultModel,
    titleModel: env.TITLE_MODEL || defaultModel,
    maxTokens: Number(env.MODEL_MAX_TOKENS) || DEFAULT_MAX_TOKENS,
    contextTokens: Number(env.MODEL_CONTEXT_TOKENS) || DEFAULT_CONTEXT_TOKENS,
    silenceMs: Number(env.MODEL_SILENCE_MS) || DEFAULT_SILENCE_MS,
    tokenBudget: Number(env.TOKEN_BUDGET) || null,
  };
}
