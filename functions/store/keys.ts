import type { Tenancy } from '../domain/principal.ts';
import type { ThreadRef } from '../domain/thread-ref.ts';
import type { AssistantType } from '../domain/threads.ts';
import { join } from './key-parts.ts';
import { conversationsOf, shardOf } from './list-keys.ts';

export * from './list-keys.ts';

/**
 * The only place that builds a key, with list-keys.ts for the indexes. Every key starts with its owner, so another owner's id is a miss, not a check
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

/**
 * All sort keys, or how they start, in the order of their texts: so they stand in a partition. One query reads a thread's
 * head and its newest messages, so in a thread's partition nothing may come between these two.
 */
export const SORT_KEYS = {
  agent: 'AGENT#',
  assistant: 'ASSISTANT#',
  conversationCount: 'COUNT',
  tokenBudget: 'DAY#',
  detail: 'DETAIL',
  turnEntry: 'EVENT#',
  feedback: 'FEEDBACK#',
  googleAdsCustomer: 'GOOGLE_ADS_CUSTOMER#',
  googleBusinessLocation: 'GOOGLE_BUSINESS_LOCATION#',
  apiKey: 'KEY',
  lease: 'LEASE',
  message: 'MESSAGE#',
  messagePointer: 'POINTER',
  idempotencyRecord: 'RECORD',
  head: 'THREAD',
  turn: 'TURN#',
  dayUsage: 'USED#',
} as const;

/** What partitions of slots start with. */
const PACE = 'PACE#';

/** Sort keys that are ids, from one to another; without these all of them, which start with `0` to `f`. */
export const idsBetween = (from = '0', to = 'g'): SortKeyRange => ({ from, to });

/** All sort keys with a start that ends with `#`: `$` follows it in ASCII. */
function startingWith(start: `${string}#`): SortKeyRange {
  return { from: start, to: start.replace(/#$/u, '$') };
}

/** A partition of its own for a thing of a thread. */
function under(thread: ThreadRef, ...parts: readonly string[]): string {
  return `${threadPk(thread)}#${join(...parts)}`;
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

/** Partition of when a reader last read a member's ask threads: one query finds it for a page of them. */
export const askReads = (brandId: string, memberUserId: string, readerId: string): string =>
  join('ASK_READS', brandId, memberUserId, readerId);
/** When one of them was read. */
export const askRead = (readsPk: string, threadId: string): Key => ({ pk: readsPk, sk: join(threadId) });

/** How many conversations a user has. */
export const conversationCount = (brandId: string, userId: string): Key => ({
  pk: conversationsOf(brandId, userId),
  sk: SORT_KEYS.conversationCount,
});

/** Where an organization's message is found by its id alone. */
export const messagePointer = (organizationId: string, id: string): Key => ({
  pk: join('MESSAGE_OF', organizationId, id),
  sk: SORT_KEYS.messagePointer,
});

/** Whether an item of a thread's partition is its head. */
export const isHead = ({ sk }: { readonly sk?: unknown }): boolean => sk === SORT_KEYS.head;
/** Whether an item of a thread's partition is a message. */
export const isMessage = ({ sk }: { readonly sk?: unknown }): boolean =>
  typeof sk === 'string' && sk.startsWith(SORT_KEYS.message);
/** The head of a thread. */
export const head = (thread: ThreadRef): Key => ({ pk: threadPk(thread), sk: SORT_KEYS.head });
/** What lists do not show of a thread. */
export const detail = (thread: ThreadRef): Key => ({ pk: threadPk(thread), sk: SORT_KEYS.detail });
/** One message of a thread. */
export const message = (thread: ThreadRef, id: string): Key => ({
  pk: threadPk(thread),
  sk: SORT_KEYS.message + join(id),
});
/** What a user thinks of a message of a thread. */
export const feedback = (thread: ThreadRef, userId: string, messageId: string): Key => ({
  pk: threadPk(thread),
  sk: SORT_KEYS.feedback + join(userId, messageId),
});
/** The right to answer in a thread. */
export const lease = (thread: ThreadRef): Key => ({ pk: threadPk(thread), sk: SORT_KEYS.lease });
/** One answer of a thread, being made or made. */
export const turn = (thread: ThreadRef, id: string): Key => ({
  pk: threadPk(thread),
  sk: SORT_KEYS.turn + join(id),
});
/** The sort keys of turns. */
export const TURNS = startingWith(SORT_KEYS.turn);
const ENTRY_DIGITS = 6;
/** An entry of the log of a turn, in a partition of its own: it is written often, and nothing else is read with it. */
export const turnEntry = (thread: ThreadRef, turnId: string, seq: number): Key => ({
  pk: under(thread, 'TURN', turnId),
  sk: SORT_KEYS.turnEntry + String(seq).padStart(ENTRY_DIGITS, '0'),
});
/** The sort keys of a log. */
export const TURN_ENTRIES = startingWith(SORT_KEYS.turnEntry);

/** The sort keys from the oldest message up to the head. */
export const MESSAGES_AND_HEAD: SortKeyRange = { from: SORT_KEYS.message, to: SORT_KEYS.head };
/** The sort keys of messages up to and including one. */
export const messagesUpTo = (thread: ThreadRef, id: string): SortKeyRange => ({
  from: SORT_KEYS.message,
  to: message(thread, id).sk,
});
/** The sort keys of messages from one on, or from the first where that is null, up to and including another. */
export const messagesBetween = (thread: ThreadRef, from: string | null, to: string): SortKeyRange => ({
  from: from === null ? SORT_KEYS.message : message(thread, from).sk,
  to: message(thread, to).sk,
});
/** The sort keys of messages alone. */
export const MESSAGES = startingWith(SORT_KEYS.message);

/** An organization's agent; a query of the partition lists them. */
export const agent = (organizationId: string, id: string): Key => ({
  pk: organization(organizationId),
  sk: SORT_KEYS.agent + join(id),
});
/** Partition of what an organization owns. */
export const organization = (id: string): string => join('ORGANIZATION', id);
/** The sort keys of an organization's agents. */
export const AGENTS = startingWith(SORT_KEYS.agent);

/** What a company owns. */
export const company = (id: number): string => join('COMPANY', id);
export const googleAdsCustomer = (companyId: number, id: number): Key => ({
  pk: company(companyId),
  sk: SORT_KEYS.googleAdsCustomer + join(id),
});
/** The sort keys of a company's customers. */
export const GOOGLE_ADS_CUSTOMERS = startingWith(SORT_KEYS.googleAdsCustomer);
export const googleBusinessLocation = (companyId: number, id: string): Key => ({
  pk: company(companyId),
  sk: SORT_KEYS.googleBusinessLocation + join(id),
});
/** The sort keys of a company's locations. */
export const GOOGLE_BUSINESS_LOCATIONS = startingWith(SORT_KEYS.googleBusinessLocation);
export const assistant = (companyId: number, type: AssistantType): Key => ({
  pk: company(companyId),
  sk: SORT_KEYS.assistant + join(type),
});

/** An API key, found by its public id alone. */
export const apiKey = (id: string): Key => ({ pk: join('API_KEY', id), sk: SORT_KEYS.apiKey });
/** What a tenant has used and reserved of its tokens on one day, `2026-11-22` in UTC. */
export const tokenBudget = ({ kind, id }: Tenancy['tenant'], day: string): Key => ({
  pk: join('TOKENS', kind, id),
  sk: SORT_KEYS.tokenBudget + join(day),
});

/** The same of one of its users. */
export const userTokenBudget = ({ tenant, caller }: Tenancy, day: string): Key => ({
  pk: join('TOKENS', tenant.kind, tenant.id, caller),
  sk: SORT_KEYS.tokenBudget + join(day),
});

/**
 * Over how many partitions a tenant's usage is spread: every answer changes an item there in a transaction, and what
 * another transaction holds is not to be had meanwhile. It can be raised, and never lowered.
 */
const USAGE_SHARDS = 8;

/** The partitions of what a tenant uses. */
export const usageOf = ({ kind, id }: Tenancy['tenant']): readonly string[] =>
  Array.from({ length: USAGE_SHARDS }, (_, shard) => join('USAGE', kind, id, shard));
/** What answers and titles of a tenant have used on a day of a model: those with such an id. */
export const dayUsage = (
  tenant: Tenancy['tenant'],
  { id, day, model }: { id: string; day: string; model: string },
): Key => ({ pk: shardOf(usageOf(tenant), id), sk: SORT_KEYS.dayUsage + join(day, model) });
/** The sort keys of days, both included. */
export const usageDays = (from: string, to: string): SortKeyRange => ({
  from: SORT_KEYS.dayUsage + join(from),
  to: startingWith(`${SORT_KEYS.dayUsage}${join(to)}#`).to,
});

/** When transactions that want to change an item may try: in a partition of its own, away from what queries read. */
export const pace = ({ pk, sk }: Key): Key => ({ pk: PACE + pk, sk });

/** The record of one Idempotency-Key, which enters as its SHA-256. */
export const idempotencyRecord = ({ tenant, caller }: Tenancy, keyHash: string): Key => ({
  pk: join('IDEMPOTENCY', tenant.kind, tenant.id, caller, keyHash),
  sk: SORT_KEYS.idempotencyRecord,
});
