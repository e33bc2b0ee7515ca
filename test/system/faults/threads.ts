import { randomUUID } from 'node:crypto';
import {
  agentRef,
  askRef,
  assistantRef,
  conversationRef,
  type ThreadRef,
} from '../../../functions/domain/thread-ref.ts';
import type { Api, ApiAnswer, ApiRequest } from '../../support/api.ts';
import type { Person } from '../../support/people.ts';

/** One of the four APIs, as far as threads are made, said something in and listed. */
export interface Surface {
  readonly name: string;
  /** @param agentId of the person's agent */
  readonly create: (who: Person, agentId: string) => ApiRequest;
  readonly idIn: (body: ApiAnswer['body']) => string;
  readonly refOf: (who: Person, id: string) => ThreadRef;
  /** What is said with a new thread. */
  readonly first: readonly string[];
  /** Says something; where `asks`, for an answer. */
  readonly say: (
    who: Person,
    at: { id: string; agentId: string },
    said: { text: string; asks: boolean },
  ) => ApiRequest;
  readonly list: (who: Person, agentId: string) => string;
  readonly threadsIn: (body: ApiAnswer['body']) => readonly ApiAnswer['body'][];
  readonly turn: (who: Person, at: { id: string; agentId: string }, turnId: string) => string;
  readonly credential: (who: Person) => Readonly<Record<string, string>>;
}

const FIRST = 'The first words';
const bearer = (who: Person) => who.bearer;

export const SURFACES: readonly Surface[] = [
  {
    name: 'comms',
    create: (who) => ({
      path: '/v1/ask/threads',
      headers: who.bearer,
      body: { member_name: 'Ada', body: FIRST },
    }),
    idIn: ({ id }) => id,
    refOf: askRef,
    first: [FIRST],
    say: (who, { id }, { text }) => ({
      path: `/v1/ask/threads/${id}/replies`,
      headers: who.bearer,
      body: { author_name: 'Ada', body: text },
    }),
    list: () => '/v1/ask/threads?limit=20',
    threadsIn: ({ data }) => data,
    turn: () => '',
    credential: bearer,
  },
  {
    name: 'ai',
    create: (who) => ({ path: '/v1/conversations', headers: who.bearer, body: {} }),
    idIn: ({ id }) => id,
    refOf: conversationRef,
    first: [],
    say: (who, { id }, { text, asks }) => ({
      path: `/v1/conversations/${id}/messages`,
      headers: who.bearer,
      body: { role: 'user', content: text, mode: asks ? 'chat-completion' : 'append' },
    }),
    list: () => '/v1/conversations?limit=20',
    threadsIn: ({ conversations }) => conversations,
    turn: (_, { id }, turnId) => `/v1/conversations/${id}/turns/${turnId}`,
    credential: bearer,
  },
  {
    name: 'chat',
    create: (who) => ({
      path: `/api/v1/chat/threads?company_id=${who.companyId}`,
      headers: who.bearer,
      body: { assistant_type: 'general' },
    }),
    idIn: ({ thread_id }) => thread_id,
    refOf: assistantRef,
    first: [],
    say: (who, { id }, { text }) => ({
      path: `/api/v1/chat/threads/${id}/messages?company_id=${who.companyId}`,
      headers: who.bearer,
      body: { content: text },
    }),
    list: (who) => `/api/v1/chat/threads?limit=20&company_id=${who.companyId}`,
    threadsIn: (body) => body,
    turn: (who, { id }, turnId) => `/api/v1/chat/threads/${id}/turns/${turnId}?company_id=${who.companyId}`,
    credential: bearer,
  },
  {
    name: 'agent-studio',
    create: (who, agentId) => ({ path: `/api/v1/chat/${agentId}/threads`, headers: who.apiKey, body: {} }),
    idIn: ({ id }) => id,
    refOf: agentRef,
    first: [],
    say: (who, { id, agentId }, { text, asks }) => ({
      path: `/api/v1/chat/${agentId}/threads/${id}/messages`,
      headers: who.apiKey,
      body: { role: asks ? 'user' : 'assistant', content: text },
    }),
    list: (_, agentId) => `/api/v1/chat/${agentId}/threads?limit=20`,
    threadsIn: (body) => body,
    turn: (_, { id, agentId }, turnId) => `/api/v1/chat/${agentId}/threads/${id}/turns/${turnId}`,
    credential: ({ apiKey }) => apiKey,
  },
];

/** What asks again under the same key until it is done. */
const PASSING = [409, 429, 500, 502, 503, 504];

/** Sends a request until it is done, always under the same key. @throws for a refusal that does not pass */
export async function insist(
  api: Api,
  { headers, ...request }: ApiRequest,
  until: AbortSignal,
): Promise<ApiAnswer | null> {
  const key = { 'idempotency-key': randomUUID() };
  for (;;) {
    const answer = await api.send({ ...request, headers: { ...headers, ...key } });
    if (answer.status < 300) return answer;
    if (!PASSING.includes(answer.status)) throw new Error(`${request.path}: ${answer.status} ${answer.text}`);
    if (until.aborted) return null;
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 80));
  }
}
