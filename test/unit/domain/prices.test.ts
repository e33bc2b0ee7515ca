import { describe, expect, test } from 'vitest';
import cdk from '../../../cdk.json' with { type: 'json' };
import { costOf, pricesIn, ratesOf, usdOf } from '../../../functions/domain/prices.ts';
import { NO_USAGE } from '../../../functions/domain/tokens.ts';
import { modelPrices } from '../../../functions/model/prices.ts';

const priceOf = (model: string, usage: object) => {
  const used = { ...NO_USAGE, ...usage };
  const nanos = costOf(used, ratesOf(modelPrices({}), model, used.promptTokens));
  return nanos === null ? null : usdOf(nanos);
};

describe('an answer costs', () => {
  test.each([
    ['claude-opus-5-5', { promptTokens: 1_000_000, completionTokens: 1_000_000 }, '24'],
    ['claude-sonnet-5-5', { promptTokens: 1, completionTokens: 1 }, '0.000012'],
    ['claude-sonnet-5-5-20260901', { promptTokens: 3, completionTokens: 0 }, '0.000006'],
    ['claude-sonnet-5-5', { promptTokens: 1_000, cachedTokens: 1_000 }, '0.0001'],
    ['claude-sonnet-5-5', { promptTokens: 1_000, cacheWriteTokens: 1_000 }, '0.0025'],
    ['claude-haiku-5-5', { promptTokens: 1 }, '0.0000001'],
    ['claude-haiku-5-5', { promptTokens: 1, cachedTokens: 1 }, '0.00000001'],
    ['claude-haiku-5-5', { promptTokens: 100_000, completionTokens: 1_000 }, '0.0105'],
    ['claude-haiku-5-5', { promptTokens: 100_001, completionTokens: 1_000 }, '0.0525005'],
    ['claude-haiku-5-5', { promptTokens: 100_001, cachedTokens: 100_001 }, '0.00500005'],
    ['a-model-of-nobody', { promptTokens: 1 }, null],
  ])('of %s with %j is %s', (model, usage, usd) => expect(priceOf(model, usage)).toBe(usd));

  test('something that nobody knows where the price of a part is not known', () => {
    const prices = pricesIn({ m: { input: 1, output: 1 } }) ?? new Map();
    const rates = ratesOf(prices, 'm', 1);
    expect(costOf({ ...NO_USAGE, promptTokens: 5 }, rates)).toBe(5_000);
    expect(costOf({ ...NO_USAGE, promptTokens: 5, cachedTokens: 1 }, rates)).toBeNull();
    expect(costOf({ ...NO_USAGE, promptTokens: 5, cacheWriteTokens: 1 }, rates)).toBeNull();
  });
});

test.each([
  [0, '0'],
  [1, '0.000000001'],
  [1_000_000_000, '1'],
  [1_100_000_000, '1.1'],
  [123_456_789_012, '123.456789012'],
])('%d billionths are %s', (nanos, usd) => expect(usdOf(nanos)).toBe(usd));

test('deployments have the prices that functions have without a configuration', () => {
  expect(pricesIn(cdk.context.modelPrices)).toEqual(modelPrices({}));
});
