import {
  agentRef,
  askRef,
  assistantRef,
  conversationRef,
  type ThreadRef,
} from '../../functions/domain/thread-ref.ts';
import type { AssistantType } from '../../functions/domain/threads.ts';
import * as keys from '../../functions/store/keys.ts';

/** What is stored, each with the keys that keys.ts builds for it, whose parts are named in braces. */
export interface Entity {
  readonly name: string;
  readonly keys: readonly keys.Key[];
  readonly holds: string;
  /** Whose it is, where it is no thread's and the key does not start with it. */
  readonly owner?: string;
  /** By which lists it is found in the indexes: their partitions, and what they are sorted by. */
  readonly lists?: Readonly<Partial<Record<'gsi1' | 'gsi2', { partitions: readonly string[]; by: string }>>>;
  /** Who else reads or writes it than the operations that are metered. */
  readonly also?: string;
}

/** Numbers and names of fixed sets stand in keys as text does. */
const COMPANY = '{company}' as unknown as number;
const TYPE = '{type}' as AssistantType;
export const THREADS: readonly [ThreadRef, ThreadRef, ThreadRef, ThreadRef] = [
  askRef({ brandId: '{brand}' }, '{thread}'),
  conversationRef({ brandId: '{brand}', userId: '{user}' }, '{thread}'),
  assistantRef({ companyId: COMPANY }, '{thread}'),
  agentRef({ organizationId: '{organization}' }, '{thread}'),
];
const [ASK, CONVERSATION, ASSISTANT, AGENT] = THREADS;
const ofThreads = (key: (thread: ThreadRef) => keys.Key) => THREADS.map(key);
/** An item of a day in one of its partitions, which stands for all. */
const DAY_USAGE = keys.dayUsage(
  { kind: '{kind}' as 'BRAND', id: '{tenant}' },
  { id: '0', day: '{day}', model: '{model}' },
);
/** A hash, of which any stands for all. */
const AGENTS_OF_STATUS = keys.agentsOfStatus('{organization}', '').replace(/[^#]*$/u, '{status}');
const LAST_MESSAGE = 'last message';

/** All of it. */
export const ENTITIES: readonly Entity[] = [
  {
    name: 'ask thread',
    keys: [keys.head(ASK)],
    holds: 'the head: names, counts, the last message, the preview',
    lists: {
      gsi1: { partitions: [keys.askThreadsOf('{brand}', '{user}')], by: LAST_MESSAGE },
      gsi2: { partitions: keys.askThreadsWaiting('{brand}'), by: 'first message without a reply' },
    },
  },
  {
    name: 'conversation',
    keys: [keys.head(CONVERSATION)],
    holds: 'the head',
    lists: { gsi1: { partitions: [keys.conversationsOf('{brand}', '{user}')], by: LAST_MESSAGE } },
  },
  {
    name: 'assistant thread',
    keys: [keys.head(ASSISTANT)],
    holds: 'the head',
    lists: {
      gsi1: { partitions: keys.assistantThreadsOf(COMPANY), by: LAST_MESSAGE },
      gsi2: { partitions: keys.assistantThreadsOfType(COMPANY, TYPE), by: LAST_MESSAGE },
    },
  },
  {
    name: 'agent thread',
    keys: [keys.head(AGENT)],
    holds: 'the head',
    lists: {
      gsi1: { partitions: keys.agentThreadsOf('{organization}', '{agent}'), by: LAST_MESSAGE },
      gsi2: { partitions: keys.agentThreadsIn('{organization}'), by: LAST_MESSAGE },
    },
  },
  {
    name: 'detail',
    keys: ofThreads(keys.detail),
    holds: 'what lists do not show of a thread',
    also: 'put with a thread that has such things',
  },
  {
    name: 'message',
    keys: ofThreads((thread) => keys.message(thread, '{message}')),
    holds: 'text, author, tool calls, usage, metadata',
  },
  {
    name: 'message pointer',
    keys: [keys.messagePointer('{organization}', '{message}')],
    holds: 'the thread and the role of a message that is known by its id alone',
  },
  {
    name: 'feedback',
    keys: ofThreads((thread) => keys.feedback(thread, '{user}', '{message}')),
    holds: 'what a user thinks of a message',
  },
  {
    name: 'lease',
    keys: ofThreads(keys.lease),
    holds: 'the one turn that may write an answer, and until when',
  },
  {
    name: 'turn',
    keys: ofThreads((thread) => keys.turn(thread, '{turn}')),
    holds: 'how an answer stands, or has ended',
  },
  {
    name: 'turn entry',
    keys: ofThreads((thread) => keys.turnEntry(thread, '{turn}', '{number}' as unknown as number)),
    holds: 'what was said since the entry before; a day',
    also: 'written while a model speaks, and read by the streams',
  },
  {
    name: 'slots',
    keys: [keys.pace({ pk: '{pk}', sk: '{sk}' })],
    owner: 'item',
    holds:
      'when the next writer may try to change an item at which writers have met, mostly a head; a minute',
    also: 'written where writers meet',
  },
  {
    name: 'read position',
    keys: [keys.askRead(keys.askReads('{brand}', '{member}', '{reader}'), '{thread}')],
    holds: 'when a reader last read a thread',
  },
  {
    name: 'conversation count',
    keys: [keys.conversationCount('{brand}', '{user}')],
    holds: 'how many a user has',
  },
  {
    name: 'assistant',
    keys: [keys.assistant(COMPANY, TYPE)],
    holds: 'the id of a company’s assistant of a type',
  },
  {
    name: 'customer',
    keys: [keys.googleAdsCustomer(COMPANY, '{customer}' as unknown as number)],
    holds: 'a profile',
  },
  { name: 'location', keys: [keys.googleBusinessLocation(COMPANY, '{location}')], holds: 'a profile' },
  {
    name: 'agent',
    keys: [keys.agent('{organization}', '{agent}')],
    holds: 'configuration, name, metadata',
    lists: { gsi1: { partitions: [AGENTS_OF_STATUS], by: 'agent' } },
  },
  {
    name: 'API key',
    keys: [keys.apiKey('{key}')],
    holds: 'a digest, an owner, scopes',
    lists: { gsi1: { partitions: [keys.apiKeysOf('{organization}')], by: 'key' } },
    owner: 'organization',
    also: 'written by `npm run api-key`',
  },
  {
    name: 'token budget',
    keys: [keys.tokenBudget({ kind: '{kind}' as 'BRAND', id: '{tenant}' }, '{day}')],
    holds: 'tokens used and taken on a day, and the share of each running answer; a week',
    owner: 'tenant',
    also: 'written before a turn starts, before each request of its model and when it ends, if `tokenBudget` is set',
  },
  {
    name: 'user token budget',
    keys: [
      keys.userTokenBudget(
        { tenant: { kind: '{kind}' as 'BRAND', id: '{tenant}' }, caller: '{user}' },
        '{day}',
      ),
    ],
    holds: 'the same of one user',
    owner: 'tenant',
    also: 'written beside it, if `tokenBudgetPerUser` is set',
  },
  {
    name: 'day of usage',
    keys: [{ ...DAY_USAGE, pk: DAY_USAGE.pk.replace(/\d+$/u, '{shard}') }],
    holds: 'what answers and titles of a tenant have used of a model on a day: counters; 400 days',
    owner: 'tenant',
    also: 'written with the end of an answer and with a title',
  },
  {
    name: 'idempotency record',
    keys: [
      keys.idempotencyRecord(
        { tenant: { kind: '{kind}' as 'BRAND', id: '{tenant}' }, caller: '{caller}' },
        '{hash}',
      ),
    ],
    owner: 'tenant',
    holds: 'the hash of a request, and what its answer is made from; a day',
  },
];

/** A key or a part of one as people read it. */
export function asRead(part: string): string {
  return decodeURIComponent(part);
}

/** The entity of an item with this key. */
export function entityOf({ pk, sk }: keys.Key): Entity {
  const found = ENTITIES.find((entity) =>
    entity.keys.some((key) => matches(key.pk, pk) && matches(key.sk, sk)),
  );
  if (!found) throw new Error(`Nobody has said what ${pk} ${sk} is`);
  return found;
}

/** A part of a key, or one that stands for a key of another item. */
const anything = (name: string): string => (WHOLE_KEYS.includes(name) ? '.*' : '[^#]*');

const WHOLE_KEYS: readonly string[] = ['{pk}', '{sk}'];

/** Whether a key's text is built as this one is, whose parts are named in braces. */
export function matches(pattern: string, text: string): boolean {
  const source = asRead(pattern)
    .split(/(\{\w+\})/u)
    .map((part, index) => (index % 2 === 0 ? RegExp.escape(part) : anything(part)))
    .join('');
  return new RegExp(`^${source}$`, 'u').test(text);
}
