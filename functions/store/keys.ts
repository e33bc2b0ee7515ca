import { ParleyError } from '../domain/errors.ts';
import { ID_BYTES } from '../domain/limits.ts';
import type { Tenancy } from '../domain/principal.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { AssistantType } from '../domain/threads.ts';

/**
 * The only place that builds a key. Every key starts with its owner, so another owner's id is a miss, not a check
 * that can be forgotten.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Sort keys from one to another, both included. */
export interface SortKeyRange {
  readonly from: string;
  readonly to: string;
}

/** All sort keys up to one, as ids sort: nothing that starts an id is before `0`. */
export const upTo = (to: string): SortKeyRange => ({ from: '0', to });

/** The sort key of a thread's head. Messages stand right before it: one query reads the head and the newest. */
export const HEAD = 'THREAD';
const MESSAGE = 'MESSAGE#';
const PACE = 'PACE#';

/**
 * Joins parts with `#`, each percent-encoded: parts are free text, and brand `a` with user `b#c` must not meet brand
 * `a#b` with user `c`.
 *
 * @throws ParleyError validation_error for a part over 128 bytes or with a lone surrogate
 */
function join(...parts: readonly (string | number)[]): string {
  return parts.map((part) => encode(String(part))).join('#');
}

/** A partition of its own for a thing of a thread. */
function under(thread: ThreadRef, ...parts: readonly string[]): string {
  return `${threadPk(thread)}#${join(...parts)}`;
}

function encode(part: string): string {
  if (Buffer.byteLength(part) > ID_BYTES || !part.isWellFormed()) {
    throw new ParleyError('validation_error', `An id is longer than ${ID_BYTES} bytes or not well-formed`);
  }
  return encodeURIComponent(part);
}

/** Partition of a thread. Nothing ever takes it apart again. */
export function threadPk(thread: ThreadRef): string {
  switch (thread.kind) {
    case 'ask':
      return join('ASK', thread.brandId, thread.id);
    case 'conversation':
      return join('CONVERSATION', thread.brandId, thread.userId, thread.id);
    case 'assistant':
      return join('ASSISTANT', thread.companyId, thread.id);
    case 'agent':
      return join('AGENT', thread.organizationId, thread.id);
  }
}

/** Where a member's ask threads are listed. */
export const askThreadsOf = (brandId: string, userId: string): string =>
  join('ASK', brandId, 'MEMBER', userId);
/** Where a brand's assigned ask threads are listed whose member waits for staff. */
export const askThreadsWaiting = (brandId: string): string => join('ASK', brandId, 'WAITING');
/** Partition of when a reader last read a member's ask threads: one query finds it for a page of them. */
export const askReads = (brandId: string, memberUserId: string, readerId: string): string =>
  join('ASK_READS', brandId, memberUserId, readerId);
/** When one of them was read. */
export const askRead = (readsPk: string, threadId: string): Key => ({ pk: readsPk, sk: join(threadId) });

/** Where a user's conversations are listed. */
export const conversationsOf = (brandId: string, userId: string): string =>
  join('CONVERSATION', brandId, userId);
/** How many conversations a user has. */
export const conversationCount = (brandId: string, userId: string): Key => ({
  pk: conversationsOf(brandId, userId),
  sk: 'COUNT',
});

/** Where a company's assistant threads are listed. */
export const assistantThreadsOf = (companyId: number): string => join('ASSISTANT', companyId);
/** Where those with one type of assistant are listed. */
export const assistantThreadsOfType = (companyId: number, type: AssistantType): string =>
  join('ASSISTANT', companyId, type);

/** Where the threads of an organization's agent are listed. */
export const agentThreadsOf = (organizationId: string, agentId: string): string =>
  join('AGENT', organizationId, agentId);
/** Where the threads of all its agents are listed. */
export const agentThreadsIn = (organizationId: string): string => join('AGENT', organizationId);

/** Where an organization's message is found by its id alone. */
export const messagePointer = (organizationId: string, id: string): Key => ({
  pk: join('MESSAGE_OF', organizationId, id),
  sk: 'POINTER',
});

/** The head of a thread. */
export const head = (thread: ThreadRef): Key => ({ pk: threadPk(thread), sk: HEAD });
/** What lists do not show of a thread. */
export const detail = (thread: ThreadRef): Key => ({ pk: threadPk(thread), sk: 'DETAIL' });
/** One message of a thread. */
export const message = (thread: ThreadRef, id: string): Key => ({
  pk: threadPk(thread),
  sk: MESSAGE + join(id),
});
/** What a user thinks of a message of a thread. */
export const feedback = (thread: ThreadRef, userId: string, messageId: string): Key => ({
  pk: threadPk(thread),
  sk: join('FEEDBACK', userId, messageId),
});
/** The right to answer in a thread. */
export const lease = (thread: ThreadRef): Key => ({ pk: threadPk(thread), sk: 'LEASE' });
/** One answer of a thread, being made or made. */
export const turn = (thread: ThreadRef, id: string): Key => ({
  pk: threadPk(thread),
  sk: TURNS.from + join(id),
});
/** The sort keys of turns. */
export const TURNS: SortKeyRange = { from: 'TURN#', to: 'TURN$' };
const ENTRY = 'EVENT#';
const ENTRY_DIGITS = 6;
/** An entry of the log of a turn, in a partition of its own: it is written often, and nothing else is read with it. */
export const turnEntry = (thread: ThreadRef, turnId: string, seq: number): Key => ({
  pk: under(thread, 'TURN', turnId),
  sk: ENTRY + String(seq).padStart(ENTRY_DIGITS, '0'),
});
/** The sort keys of a log. */
export const TURN_ENTRIES: SortKeyRange = { from: ENTRY, to: 'EVENT$' };

/** The sort keys from the oldest message up to the head. */
export const MESSAGES_AND_HEAD: SortKeyRange = { from: MESSAGE, to: HEAD };
/** The sort keys of messages up to and including one. */
export const messagesUpTo = (thread: ThreadRef, id: string): SortKeyRange => ({
  from: MESSAGE,
  to: message(thread, id).sk,
});
/** The sort keys of messages alone: `$` follows `#` in ASCII. */
export const MESSAGES: SortKeyRange = { from: MESSAGE, to: 'MESSAGE$' };

/** An organization's agent; a query of the partition lists them. */
export const agent = (organizationId: string, id: string): Key => ({
  pk: organization(organizationId),
  sk: AGENTS.from + join(id),
});
/** Partition of what an organization owns. */
export const organization = (id: string): string => join('ORGANIZATION', id);
/** The sort keys of an organization's agents. */
export const AGENTS: SortKeyRange = { from: 'AGENT#', to: 'AGENT$' };

/** What a company owns. */
export const company = (id: number): string => join('COMPANY', id);
export const googleAdsCustomer = (companyId: number, id: number): Key => ({
  pk: company(companyId),
  sk: join('GOOGLE_ADS_CUSTOMER', id),
});
/** The sort keys of a company's customers. */
export const GOOGLE_ADS_CUSTOMERS: SortKeyRange = {
  from: 'GOOGLE_ADS_CUSTOMER#',
  to: 'GOOGLE_ADS_CUSTOMER$',
};
export const googleBusinessLocation = (companyId: number, id: string): Key => ({
  pk: company(companyId),
  sk: join('GOOGLE_BUSINESS_LOCATION', id),
});
/** The sort keys of a company's locations. */
export const GOOGLE_BUSINESS_LOCATIONS: SortKeyRange = {
  from: 'GOOGLE_BUSINESS_LOCATION#',
  to: 'GOOGLE_BUSINESS_LOCATION$',
};
export const assistant = (companyId: number, type: AssistantType): Key => ({
  pk: company(companyId),
  sk: join('ASSISTANT', type),
});

/** An API key, found by its public id alone. */
export const apiKey = (id: string): Key => ({ pk: join('API_KEY', id), sk: 'KEY' });
/** Where an organization's API keys are listed. */
export const apiKeysOf = (organizationId: string): string => join('API_KEYS', organizationId);

/** What a tenant has used and reserved of its tokens on one day, `2026-11-22` in UTC. */
export const tokenBudget = ({ kind, id }: Tenancy['tenant'], day: string): Key => ({
  pk: join('TOKENS', kind, id),
  sk: join('DAY', day),
});

/** When transactions that want to change an item may try: in a partition of its own, away from what queries read. */
export const pace = ({ pk, sk }: Key): Key => ({ pk: PACE + pk, sk });

/** The record of one Idempotency-Key, which enters as its SHA-256. */
export const idempotencyRecord = ({ tenant, caller }: Tenancy, keyHash: string): Key => ({
  pk: join('IDEMPOTENCY', tenant.kind, tenant.id, caller, keyHash),
  sk: 'RECORD',
});
