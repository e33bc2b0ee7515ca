import type { DayUsage } from '../domain/day-usage.ts';
import { usdOf } from '../domain/prices.ts';
import { type Of, schema } from './schema.ts';
import * as field from './schemas.ts';

const COUNT = { type: 'integer', minimum: 0 } as const;

/** What was used on a day of a model. */
export const DAY_USAGE = {
  type: 'object',
  properties: {
    day: field.day,
    model: { type: 'string', description: '`unknown` where an answer died before it could say which.' },
    answers: { ...COUNT, description: 'Also those that failed or were cancelled after the model was asked.' },
    titles: COUNT,
    prompt_tokens: COUNT,
    completion_tokens: COUNT,
    thinking_tokens: { ...COUNT, description: 'What of `completion_tokens` was thought.' },
    cache_read_tokens: { ...COUNT, description: 'What of `prompt_tokens` came from the model’s cache.' },
    cache_write_tokens: { ...COUNT, description: 'What of `prompt_tokens` was written to it.' },
    cost_usd: { ...field.nullableUsd, description: 'Null where the price of some of it is not known.' },
  },
  required: [
    'day',
    'model',
    'answers',
    'titles',
    'prompt_tokens',
    'completion_tokens',
    'thinking_tokens',
    'cache_read_tokens',
    'cache_write_tokens',
    'cost_usd',
  ],
} as const;

const dayUsageSchema = schema(DAY_USAGE);
export const usageListSchema = schema({ type: 'array', items: DAY_USAGE });

export function dayUsageShape(used: DayUsage): Of<typeof dayUsageSchema> {
  return {
    day: used.day,
    model: used.model,
    answers: used.answers,
    titles: used.titles,
    prompt_tokens: used.promptTokens,
    completion_tokens: used.completionTokens,
    thinking_tokens: used.thinkingTokens,
    cache_read_tokens: used.cacheReadTokens,
    cache_write_tokens: used.cacheWriteTokens,
    cost_usd: used.unpriced > 0 ? null : usdOf(used.costNanos),
  };
}
