import { createHash } from 'node:crypto';
import type { AssistantType } from '../domain/threads.ts';
import { join } from './key-parts.ts';

/**
 * Over how many partitions a list of a whole tenant is spread: DynamoDB writes at most 1,000 units a second to one, and
 * moving a thread in a list takes two. It can never change: a thread's partition is taken from its id.
 */
const SHARDS = 4;

/** A list of threads: the partitions of an index which hold it, together in no order. */
export type ThreadListKeys = readonly string[];

/** The partition of a list that holds a thread. Ids are UUIDs, so their last digit is random. */
export function shardOf(list: ThreadListKeys, threadId: string): string {
  return list[Number.parseInt(threadId.slice(-1), 16) % list.length] as string; // a digit modulo the length
}

/** A list that a whole tenant writes. */
function sharded(...parts: readonly (string | number)[]): ThreadListKeys {
  return Array.from({ length: SHARDS }, (_, shard) => join(...parts, shard));
}

/** Where a member's ask threads are listed. */
export const askThreadsOf = (brandId: string, userId: string): string =>
  join('ASK', brandId, 'MEMBER', userId);
/** Where a brand's assigned ask threads are listed whose member waits for staff. */
export const askThreadsWaiting = (brandId: string): ThreadListKeys => sharded('ASK', brandId, 'WAITING');

/** Where a user's conversations are listed. */
export const conversationsOf = (brandId: string, userId: string): string =>
  join('CONVERSATION', brandId, userId);

/** Where a company's assistant threads are listed. */
export const assistantThreadsOf = (companyId: number): ThreadListKeys => sharded('ASSISTANT', companyId);
/** Where those with one type of assistant are listed. */
export const assistantThreadsOfType = (companyId: number, type: AssistantType): ThreadListKeys =>
  sharded('ASSISTANT', companyId, type);

/** Where the threads of an organization's agent are listed. */
export const agentThreadsOf = (organizationId: string, agentId: string): ThreadListKeys =>
  sharded('AGENT', organizationId, agentId);
/** Where the threads of all its agents are listed. */
export const agentThreadsIn = (organizationId: string): ThreadListKeys => sharded('AGENT', organizationId);

/** Where an organization's agents of one status are listed; a status is free text, and enters as its SHA-256. */
export const agentsOfStatus = (organizationId: string, status: string): string =>
  join('AGENTS', organizationId, createHash('sha256').update(status).digest('base64url'));
/** Where an organization's API keys are listed. */
export const apiKeysOf = (organizationId: string): string => join('API_KEYS', organizationId);
