import { isJsonObject } from './exact-json.ts';
import type { TokenUsage } from './message.ts';

/**
 * What tokens cost, in billionths of a US dollar for each: a price of one dollar for a million is 1,000. So costs are
 * integers, and sums of them exact.
 */
export interface Rates {
  readonly input: number;
  readonly output: number;
  /** Null where it is not known. */
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
}

/** A model's price. Some models cost more, for every token of a request, where its prompt is long. */
interface Price extends Rates {
  readonly above: (Rates & { readonly promptTokens: number }) | null;
}

export type Prices = ReadonlyMap<string, Price>;

/** Prices have at most three decimals: then those of single tokens are whole billionths. */
const NANOS_PER_UNIT = 1_000;
/** More than any model costs, and little enough for sums of a day to be exact. */
const MOST_USD = 10_000;

/** What prices look like, for those who write them. */
export const PRICES_FORM =
  'an object of models, each with input and output, and perhaps cacheRead, cacheWrite and above (promptTokens and the ' +
  'prices of longer prompts), in US dollars for a million tokens with at most three decimals';

/** Prices as the configuration has them. @returns null where they are not in the form that PRICES_FORM tells */
export function pricesIn(value: unknown): Prices | null {
  if (!isJsonObject(value)) return null;
  const prices = new Map<string, Price>();
  for (const [model, given] of Object.entries(value)) {
    const price = priceIn(given);
    if (model === '' || !price) return null;
    prices.set(model, price);
  }
  return prices;
}

function priceIn(value: unknown): Price | null {
  if (!isJsonObject(value)) return null;
  const { above: long = null, ...short } = value;
  const rates = ratesIn(short);
  if (!rates || long === null) return rates && { ...rates, above: null };
  if (!isJsonObject(long)) return null;
  const { promptTokens, ...longer } = long;
  const above = ratesIn(longer);
  return above && isCount(promptTokens) ? { ...rates, above: { ...above, promptTokens } } : null;
}

function ratesIn({
  input,
  output,
  cacheRead = null,
  cacheWrite = null,
  ...others
}: object & Partial<Record<string, unknown>>): Rates | null {
  if (Object.keys(others).length > 0) return null;
  const rates = {
    input: nanosOf(input),
    output: nanosOf(output),
    cacheRead: cacheRead === null ? null : nanosOf(cacheRead),
    cacheWrite: cacheWrite === null ? null : nanosOf(cacheWrite),
  };
  return Object.values(rates).includes(undefined) ? null : (rates as Rates); // so all of them are numbers, or null
}

/** The price of one token, or undefined for what is no price. */
function nanosOf(usd: unknown): number | undefined {
  if (typeof usd !== 'number' || !(usd >= 0 && usd <= MOST_USD)) return undefined;
  const nanos = Math.round(usd * NANOS_PER_UNIT);
  return nanos / NANOS_PER_UNIT === usd ? nanos : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** A model's name may end with the date of its version. */
const VERSION = /-\d{8}$/u;

/** What a request of a model with so long a prompt costs, or null where that is not known. */
export function ratesOf(prices: Prices, model: string, promptTokens: number): Rates | null {
  const price = prices.get(model) ?? prices.get(model.replace(VERSION, ''));
  if (!price) return null;
  return price.above && promptTokens > price.above.promptTokens ? price.above : price;
}

/** What one request has cost, or null where a price of something that it used is not known. */
export function costOf(usage: TokenUsage, rates: Rates | null): number | null {
  if (!rates) return null;
  const { promptTokens, completionTokens, cachedTokens, cacheWriteTokens } = usage;
  const cached = partCost(cachedTokens, rates.cacheRead);
  const written = partCost(cacheWriteTokens, rates.cacheWrite);
  if (cached === null || written === null) return null;
  const plain = promptTokens - cachedTokens - cacheWriteTokens;
  return plain * rates.input + cached + written + completionTokens * rates.output;
}

function partCost(tokens: number, rate: number | null): number | null {
  return tokens === 0 ? 0 : rate && tokens * rate;
}

const DECIMALS = 9;

/** `0.0123` of 12,300,000 billionths: all digits, and no more. */
export function usdOf(nanos: number): string {
  const digits = String(nanos).padStart(DECIMALS + 1, '0');
  const fraction = digits.slice(-DECIMALS).replace(/0{1,9}$/u, '');
  return digits.slice(0, -DECIMALS) + (fraction === '' ? '' : `.${fraction}`);
}
