import { expect } from 'vitest';
import type { ErrorCode } from '../../functions/domain/errors.ts';
import type { Tenancy } from '../../functions/domain/principal.ts';
import { assistantRef, conversationRef, type ThreadRef } from '../../functions/domain/thread-ref.ts';
import { agentThreadWith } from './agent-threads.ts';
import type { Api, ApiAnswer } from './api.ts';
import { conversationWith } from './conversations.ts';
import type { Person } from './people.ts';

type Body = ApiAnswer['body'];

/** A kind of thread in which a model answers: where its contract differs from the others', and nothing of what they share. */
export interface ThreadKind {
  /** As tests' names say it. */
  readonly name: string;
  /** Makes a thread. @returns it, and the path under which its messages and turns are */
  readonly make: (api: Api, owner: Person) => Promise<{ id: string; path: string; thread: ThreadRef }>;
  readonly credential: (who: Person) => Readonly<Record<string, string>>;
  /** What every request names of the thread's owner beside its path. */
  readonly query: (owner: Person) => Readonly<Record<string, string>>;
  /** The body that asks for an answer. */
  readonly question: (content: string) => object;
  /** What the response to that tells: the stored question, and the answer once there is one. */
  readonly read: (body: Body) => { questionId: string; answer: Body };
  /** Where its messages are shown oldest first, under its path. */
  readonly messages: string;
  /** Some of an answer as its messages show it. */
  readonly answer: (content: string, usage: object) => object;
  /** The body of a refusal. */
  readonly refusal: (code: ErrorCode) => object;
  /** What somebody of another tenant is answered. */
  readonly strangerStatus: 403 | 404;
  /** Whose tokens its answers are made of. */
  readonly tenant: (owner: Person) => Tenancy['tenant'];
}

/** Question and answer side by side. */
const readBoth: ThreadKind['read'] = ({ message, assistant_message }) => ({
  questionId: message?.id,
  answer: assistant_message ?? null,
});
const withUsage: ThreadKind['answer'] = (content, token_usage) => ({
  role: 'assistant',
  content,
  token_usage,
});
// These words are for people.
const inDetail: ThreadKind['refusal'] = () => ({ detail: expect.any(String) as string });

/** A user's, within a brand. */
export const CONVERSATION: ThreadKind = {
  name: 'a conversation',
  make: async (api, owner) => {
    const { id } = await conversationWith(api, { owner });
    const thread = conversationRef(owner, id);
    return { id, path: `/v1/conversations/${id}`, thread };
  },
  credential: ({ bearer }) => bearer,
  query: () => ({}),
  question: (content) => ({ role: 'user', content, mode: 'chat-completion' }),
  read: readBoth,
  messages: '/messages?order=asc&limit=100',
  answer: withUsage,
  refusal: (error) => ({ error }),
  strangerStatus: 404,
  tenant: ({ brandId }) => ({ kind: 'BRAND', id: brandId }),
};

/** An organization's, with one of its agents. */
const AGENT_THREAD: ThreadKind = {
  name: 'an agent’s thread',
  make: (api, owner) => agentThreadWith(api, { owner }),
  credential: ({ apiKey }) => apiKey,
  query: () => ({}),
  question: (content) => ({ role: 'user', content }),
  // The agent's message, which names the one that it answers, or that one until there is an answer; and the turn.
  read: (body) =>
    body.role === 'assistant'
      ? { questionId: body.metadata.human_message_id, answer: { ...body, turn: undefined } }
      : { questionId: body.id, answer: null },
  messages: '',
  answer: (content) => ({ role: 'assistant', content }),
  refusal: inDetail,
  strangerStatus: 404,
  tenant: ({ organizationId }) => ({ kind: 'ORGANIZATION', id: organizationId }),
};

/** A company's, with one of its assistants. */
const ASSISTANT_THREAD: ThreadKind = {
  name: 'an assistant’s thread',
  make: async (api, { companyId, bearer }) => {
    const path = `/api/v1/chat/threads?company_id=${companyId}`;
    const { body } = await api.send({ path, headers: bearer, body: { assistant_type: 'general' } });
    const id: string = body.thread_id;
    return { id, path: `/api/v1/chat/threads/${id}`, thread: assistantRef({ companyId }, id) };
  },
  credential: ({ bearer }) => bearer,
  query: ({ companyId }) => ({ company_id: String(companyId) }),
  question: (content) => ({ content }),
  read: readBoth,
  messages: '/messages?order=asc&limit=100',
  answer: withUsage,
  refusal: inDetail,
  strangerStatus: 403,
  tenant: ({ companyId }) => ({ kind: 'COMPANY', id: String(companyId) }),
};

/** What is promised of turns is promised of all of them. */
export const KINDS = [CONVERSATION, AGENT_THREAD, ASSISTANT_THREAD];
