import { createHash } from 'node:crypto';
import type { ContentBlockParam, MessageCreateParamsBase } from '@anthropic-ai/sdk/resources/messages';

type Request = Pick<MessageCreateParamsBase, 'model' | 'cache_control' | 'system' | 'tools' | 'messages'>;

/** What the tokens of a request are billed as: read from the cache, written to it, or neither. */
export interface BilledInput {
  readonly read: number;
  readonly written: number;
  readonly plain: number;
}

/** "Prompt caching": what was not used for five minutes is forgotten, and a short prompt is never kept. */
const KEPT_MS = 300_000;
const LEAST_TOKENS = 512;
/** From a breakpoint back, itself included, so many blocks are looked at for what an earlier request has written. */
const LOOKBACK_BLOCKS = 20;
const MOST_BREAKPOINTS = 4;

/**
 * The cache of the Messages API (platform.claude.com, "Prompt caching"): a request writes what comes before each of its
 * breakpoints, and reads the longest of what earlier ones wrote that is among the last blocks before one of its own. One
 * `cache_control` for the whole request is a breakpoint at its last block. What this cannot imitate: models before the 5.5
 * generation, whose prompts must be longer, and entries that are kept for an hour.
 */
export function promptCache(): { readonly bill: (request: Request, nowMs: number) => BilledInput } {
  const usedAtMs = new Map<string, number>();
  const isKept = (key: string, nowMs: number) => nowMs - (usedAtMs.get(key) ?? -Infinity) < KEPT_MS;
  return {
    bill: (request, nowMs) => {
      const prefixes = prefixesOf(request);
      const total = prefixes.at(-1)?.tokens ?? 0;
      const breakpoints = [...prefixes.entries()].filter(([, { isBreakpoint }]) => isBreakpoint);
      const found = breakpoints
        .flatMap(([place]) => prefixes.slice(Math.max(0, place + 1 - LOOKBACK_BLOCKS), place + 1))
        .filter(({ key }) => isKept(key, nowMs))
        .toSorted((a, b) => b.tokens - a.tokens)[0];
      const kept = breakpoints.map(([, prefix]) => prefix).filter(({ tokens }) => tokens >= LEAST_TOKENS);
      for (const { key } of found ? [found, ...kept] : kept) usedAtMs.set(key, nowMs);
      const read = found?.tokens ?? 0;
      const written = Math.max(0, (kept.at(-1)?.tokens ?? 0) - read);
      return { read, written, plain: total - read - written };
    },
  };
}

/** A request up to and including one of its blocks. */
interface Prefix {
  readonly key: string;
  readonly tokens: number;
  readonly isBreakpoint: boolean;
}

function prefixesOf(request: Request): Prefix[] {
  const parts = partsOf(request);
  const digest = createHash('sha256').update(request.model);
  let tokens = 0;
  return parts.map(({ cache_control, ...part }, index) => {
    const isLast = index === parts.length - 1;
    const isBreakpoint = Boolean(cache_control) || (isLast && Boolean(request.cache_control));
    tokens += tokensOf(part);
    digest.update(JSON.stringify(part));
    return { key: digest.copy().digest('base64'), tokens, isBreakpoint };
  });
}

type Part = { readonly cache_control?: unknown };

/** In the order in which they are cached: tools, what the operator says, and the blocks of all messages. */
function partsOf({ tools, system, messages }: Omit<Request, 'model'>): Part[] {
  const texts = typeof system === 'string' ? [{ type: 'text', text: system }] : (system ?? []);
  const blocks = messages.flatMap(({ role, content }) =>
    (typeof content === 'string' ? [{ type: 'text', text: content }] : content).map((block) =>
      Object.assign({ role }, block),
    ),
  );
  return [...(tools ?? []), ...texts, ...blocks] as Part[];
}

/** A token is taken for four characters. A thought is as long as its signature, which has all of it in it. */
function tokensOf({ cache_control: _mark, ...part }: Part): number {
  const { type, signature } = part as Partial<Extract<ContentBlockParam, { type: 'thinking' }>>;
  return Math.ceil((type === 'thinking' ? (signature ?? '') : JSON.stringify(part)).length / 4);
}

/** What a request is taken for. */
export function inputTokens(request: Pick<Request, 'tools' | 'system' | 'messages'>): number {
  return partsOf(request).reduce((sum, part) => sum + tokensOf(part), 0);
}

/** For which breakpoint the Messages API refuses a request, or null. */
export function brokenBreakpoint(request: Request): string | null {
  const marked = partsOf(request).filter(({ cache_control }) => cache_control);
  const isThought = (part: Part) => 'type' in part && String(part.type).endsWith('thinking');
  if (marked.some(isThought)) return 'thinking.cache_control: Extra inputs are not permitted';
  const count = marked.length + (request.cache_control ? 1 : 0);
  return count > MOST_BREAKPOINTS
    ? `A maximum of ${MOST_BREAKPOINTS} blocks with cache_control may be provided. Found ${count}.`
    : null;
}
