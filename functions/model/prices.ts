import { PRICES_FORM, type Prices, pricesIn } from '../domain/prices.ts';

/**
 * Claude's prices (platform.claude.com, "Pricing"); caches are kept for five minutes. cdk.json has the same for
 * deployments.
 */
const DEFAULT_PRICES = {
  'claude-opus-5-5': { input: 4, output: 20, cacheRead: 0.2, cacheWrite: 5 },
  'claude-sonnet-5-5': { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 },
  'claude-haiku-5-5': {
    input: 0.1,
    output: 0.5,
    cacheRead: 0.01,
    cacheWrite: 0.125,
    above: { promptTokens: 100_000, input: 0.5, output: 2.5, cacheRead: 0.05, cacheWrite: 0.625 },
  },
};

/** What the models cost. @throws Error where the environment says it in no known form */
export function modelPrices(env: NodeJS.ProcessEnv = process.env): Prices {
  const prices = pricesIn(env.MODEL_PRICES ? JSON.parse(env.MODEL_PRICES) : DEFAULT_PRICES);
  if (!prices) throw new Error(`MODEL_PRICES must be ${PRICES_FORM}`);
  return prices;
}
