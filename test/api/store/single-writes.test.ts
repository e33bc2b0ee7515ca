import { randomUUID } from 'node:crypto';
import type { Context as LambdaContext } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { EMPTY_DRAFT } from '../../../functions/domain/answer.ts';
import { conversationRef } from '../../../functions/domain/thread-ref.ts';
import { contextOf } from '../../../functions/http/context.ts';
import { putApiKey, readApiKey, revokeApiKey } from '../../../functions/store/api-keys.ts';
import { noteRead } from '../../../functions/store/ask-reads.ts';
import { openTable } from '../../../functions/store/client.ts';
import { uncountConversation } from '../../../functions/store/conversations.ts';
import { deletePartition } from '../../../functions/store/delete-partition.ts';
import { putGoogleAdsCustomer, putGoogleBusinessLocation } from '../../../functions/store/google-records.ts';
import * as keys from '../../../functions/store/keys.ts';
import { appendToLog, readLog } from '../../../functions/store/turn-log.ts';
import { claimLease, readLease, renewLease } from '../../../functions/store/turns.ts';
import { localDatabase } from '../../../lib/local/environment.ts';
import { startApi } from '../../support/api.ts';
import type { DatabaseCall, DatabaseError } from '../../support/database-proxy.ts';
import { leaveDeadTurn } from '../../support/dead-turn.ts';
import { itemOf, threadOf } from '../../support/turns.ts';

const api = await startApi();
const context = contextOf({ getRemainingTimeInMillis: () => 20_000 } as LambdaContext, {}); // all that is read of it
/** As commands open it, behind the proxy. */
const table = openTable(api.table.name, localDatabase(api.database.url));

const SINGLE = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem', 'TransactWriteItems'];
const REFUSALS = 2;

/** What a write is answered when a transaction holds its item. */
function heldAnswer({ operation }: DatabaseCall): DatabaseError {
  if (operation !== 'TransactWriteItems') return { status: 400, type: 'TransactionConflictException' };
  const CancellationReasons = [{ Code: 'TransactionConflict' }];
  return { status: 400, type: 'TransactionCanceledException', CancellationReasons };
}

/** Refuses each kind of write so often, then lets it pass. @returns how often each was sent */
function refuseFirst(): { sent: Map<string, number>; undo: () => void } {
  const sent = new Map<string, number>();
  const undo = api.database.intercept((call) => {
    const count = (sent.get(call.operation) ?? 0) + 1;
    if (!SINGLE.includes(call.operation)) return undefined;
    sent.set(call.operation, count);
    return count <= REFUSALS ? heldAnswer(call) : undefined;
  });
  return { sent, undo };
}

const threadId = randomUUID();
const owner = { brandId: 'brand', userId: randomUUID() };
const thread = conversationRef(owner, threadId);
const turnId = await leaveDeadTurn(api.table, thread, { messageId: randomUUID() });
const hold = { turnId, expiresAtMs: 9 };
const apiKey = {
  id: randomUUID(),
  digest: 'd',
  organizationId: randomUUID(),
  userId: randomUUID(),
  scopes: [],
  expiresAt: null,
  revoked: false,
};
const asked = { id: threadId, brandId: 'brand', memberUserId: 'member' };
const entry = { ...EMPTY_DRAFT, text: 'said', seq: 0, expiresAt: 9_999_999_999 };
const customer = { descriptiveName: 'Shoes', currencyCode: 'EUR' } as never;

/** Every write that is no transaction of transact, in an order in which each finds what it needs. */
const WRITES: readonly [string, () => Promise<unknown>, () => Promise<unknown>, unknown][] = [
  [
    'the claim of a lease',
    () => claimLease(thread, { ...hold, claim: 'c' }, context),
    () => itemOf(api, keys.lease(thread)),
    { claim: 'c' },
  ],
  [
    'the renewal of a lease',
    () => renewLease(thread, { turnId, expiresAtMs: 10 }, context),
    () => readLease(thread),
    { expiresAtMs: 10 },
  ],
  [
    'an entry of a log',
    () => appendToLog(thread, { turnId, entry }, context),
    () => readLog(thread, turnId),
    { text: 'said', next: 1 },
  ],
  ['an API key', () => putApiKey(apiKey, table), () => readApiKey(apiKey.id), { revoked: false }],
  ['its end', () => revokeApiKey(apiKey.id, table), () => readApiKey(apiKey.id), { revoked: true }],
  [
    'a read position',
    () => noteRead(asked, { readerId: 'r', at: 'now' }, context),
    () => itemOf(api, keys.askRead(keys.askReads('brand', 'member', 'r'), threadId)),
    { at: 'now' },
  ],
  [
    'a Google Ads customer',
    () => putGoogleAdsCustomer(7, { id: 1, profile: customer }, context),
    () => itemOf(api, keys.googleAdsCustomer(7, 1)),
    { profile: customer },
  ],
  [
    'a Google Business location',
    () => putGoogleBusinessLocation(7, { id: '1', profile: customer }, context),
    () => itemOf(api, keys.googleBusinessLocation(7, '1')),
    { profile: customer },
  ],
  [
    'the count of conversations',
    () => uncountConversation(owner, table),
    () => itemOf(api, keys.conversationCount(owner.brandId, owner.userId)),
    { conversations: -1 },
  ],
  [
    'the deletion of a log',
    () => deletePartition(keys.turnEntry(thread, turnId, 0).pk, table),
    () => readLog(thread, turnId),
    { next: 0 },
  ],
];

describe('a conflict with a transaction is met and tried again by', () => {
  test.each(WRITES)('%s', async (_what, write, read, expected) => {
    const { sent, undo } = refuseFirst();
    await write().finally(undo);
    expect(Math.min(...sent.values())).toBe(REFUSALS + 1);
    expect(await read()).toMatchObject(expected as object);
  });
});

test('an answer is made although its claim meets a cancel that finds nothing to end', async () => {
  const { ask, contents } = await threadOf(api);
  let claims = 0;
  const undo = api.database.intercept((call) => {
    if (!JSON.stringify(call.input).includes('":claim"')) return undefined;
    claims += 1;
    return claims <= REFUSALS ? heldAnswer(call) : undefined;
  });
  const { status, answer } = await ask('Why?');
  undo();
  expect([status, claims, await contents()]).toEqual([200, REFUSALS + 1, ['Why?', answer?.content]]);
});
