import type { FreeJson, Json } from './json.ts';

/** What a model reported for one answer; cached input counts as prompt tokens. */
export interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export type Role = 'user' | 'assistant' | 'system' | 'tool' | 'member' | 'coach';

/** A person who wrote a message and is shown beside it. */
export interface Author {
  readonly userId: string;
  readonly name: string;
  readonly avatarUrl: string | null;
}

/** One message of any thread. `id` is also its place in the thread and, through `timestampOf`, when it was said. */
export interface Message {
  readonly id: string;
  readonly role: Role;
  readonly text: string;
  readonly author: Author | null;
  readonly toolCalls: readonly Json[] | null;
  readonly usage: TokenUsage | null;
  readonly metadata: FreeJson;
}

export type NewMessage = Omit<Message, 'id'>;

/** A message that somebody said: no tool calls, no usage, no metadata. */
export function said(role: Role, text: string, author: Author | null = null): NewMessage {
  return { role, text, author, toolCalls: null, usage: null, metadata: {} };
}
