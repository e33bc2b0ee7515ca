import type { TokenUsage } from '../domain/message.ts';
import { NO_USAGE } from '../domain/tokens.ts';

/** The usage that was stored, or null; an older one says less. */
export function usageIn(stored: unknown): TokenUsage | null {
  return stored ? { ...NO_USAGE, ...(stored as Partial<TokenUsage>) } : null; // nothing else is stored there
}
