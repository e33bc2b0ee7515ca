import type { FreeJson } from './json.ts';

/** What a model reported for one answer. */
export interface TokenUsage {
  /** All that the model read, from its cache or not. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** What of `promptTokens` came from the model's cache. */
  readonly cachedTokens: number;
  /** What of `promptTokens` was written to it. */
  readonly cacheWriteTokens: number;
  /** What of `completionTokens` was thought. */
  readonly thinkingTokens: number;
}

/** A call of a tool within an answer. The model asks for calls in rounds, and goes on with their outcomes. */
export interface ToolCall {
  /** The model's, like its name: any text, and it may come again in the same answer. */
  readonly id: string;
  readonly name: string;
  /** Its place among all calls of the answer, counted from 0. */
  readonly index: number;
  readonly arguments: FreeJson;
  readonly result: FreeJson | null;
  readonly error: string | null;
  /** Milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  /** Counted from 0 within the answer. */
  readonly round: number;
  /** How much of the answer's text was said before it, in UTF-16 code units. */
  readonly textLength: number;
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
  /** The same with formatting, as a client that shows it wrote it. */
  readonly html?: string;
  readonly author: Author | null;
  readonly toolCalls: readonly ToolCall[] | null;
  readonly usage: TokenUsage | null;
  readonly metadata: FreeJson;
  /** The message that a model answers with this one; nobody but Parley says it. */
  readonly answersId?: string;
}

export type NewMessage = Omit<Message, 'id'>;

/** A message that somebody said: no tool calls, no usage, no metadata. */
export function textMessage(role: Role, text: string, author: Author | null = null): NewMessage {
  return { role, text, author, toolCalls: null, usage: null, metadata: {} };
}

/** Whether a message is a model's refusal to answer another. */
function isRefusal({ answersId, metadata }: Pick<Message, 'answersId' | 'metadata'>): boolean {
  return answersId !== undefined && metadata.stop_reason === 'refusal';
}

/** Messages without the refusals among them and what these refused: a model that is sent it again refuses again. */
export function withoutRefused(messages: readonly Message[]): readonly Message[] {
  const refused = new Set(messages.filter(isRefusal).flatMap(({ id, answersId }) => [id, answersId]));
  return refused.size === 0 ? messages : messages.filter(({ id }) => !refused.has(id));
}
