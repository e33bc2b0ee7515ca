import { randomUUID } from 'node:crypto';
import type { Context as LambdaContext } from 'aws-lambda';
import { describe, expect, test } from 'vitest';
import { contextOf } from '../../../functions/http/context.ts';
import { storedItem } from '../../../functions/store/stored-item.ts';
import { transact } from '../../../functions/store/transact.ts';
import { startApi } from '../../support/api.ts';
import { conversationWith } from '../../support/conversations.ts';
import { type DatabaseError, type Intercept } from '../../support/database-proxy.ts';

const api = await startApi();

/** A cancelled transaction in DynamoDB's words. */
function cancelled(...codes: string[]): DatabaseError {
  return {
    status: 400,
    type: 'TransactionCanceledException',
    message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) => ({ Code })),
  };
}

/** Gives these errors to the next transactions, then lets them pass. */
function failTransactions(errors: DatabaseError[]): { seen: () => number; intercept: Intercept } {
  let seen = 0;
  const intercept: Intercept = ({ operation }) => {
    if (operation !== 'TransactWriteItems') return undefined;
    seen += 1;
    return errors.shift();
  };
  return { seen: () => seen, intercept };
}

describe('a transaction', () => {
  test.each([
    ['conflicts with another', cancelled('TransactionConflict', 'None')],
    ['is throttled on an item', cancelled('None', 'ThrottlingError')],
    ['exceeds a throughput', cancelled('None', 'ProvisionedThroughputExceeded')],
    ['meets a busy service', { status: 500, type: 'InternalServerError' }],
    ['is throttled as a whole', { status: 400, type: 'ThrottlingException' }],
  ])('that %s is tried again, and its message is there once', async (_what, error) => {
    const { append, list } = await conversationWith(api);
    const { seen, intercept } = failTransactions([error, error]);
    const undo = api.database.intercept(intercept);
    const { status } = await append({ role: 'user', content: 'once' });
    undo();
    expect([status, seen()]).toEqual([200, 3]);
    expect((await list('')).body.total).toBe(1);
  });

  test('that is refused for another reason is not tried again', async () => {
    const { append, list } = await conversationWith(api);
    const { seen, intercept } = failTransactions([cancelled('ValidationError', 'None')]);
    const undo = api.database.intercept(intercept);
    const { status } = await append({ role: 'user', content: 'never' });
    undo();
    expect([status, seen()]).toEqual([500, 1]);
    expect((await list('')).body.total).toBe(0);
  });

  test('that gets no answer at all is given up after seconds and repeated', async () => {
    const { append, list } = await conversationWith(api);
    let calls = 0;
    const undo = api.database.intercept(() => {
      calls += 1;
      return calls === 1 ? 'no answer' : undefined;
    });
    const { status } = await append({ role: 'user', content: 'once' });
    undo();
    expect([status, calls]).toEqual([200, 2]);
    expect((await list('')).body.total).toBe(1);
  });

  test('whose answer is lost is not made twice: the SDK repeats it under the same token', async () => {
    const { append, list } = await conversationWith(api);
    const tokens: unknown[] = [];
    const undo = api.database.intercept(({ input, loseAnswer }) => {
      tokens.push(input.ClientRequestToken);
      if (tokens.length === 1) loseAnswer();
      return undefined;
    });
    const { status } = await append({ role: 'user', content: 'once' });
    undo();
    expect(status).toBe(200);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
    expect((await list('')).body.total).toBe(1);
  });
});

test('logs nothing of what a refused transaction carries: no content, no token, no key', async () => {
  const { append, ask } = await conversationWith(api);
  const secret = `secret-${randomUUID()}`;
  const undo = api.database.intercept(failTransactions([cancelled('ValidationError')]).intercept);
  const { status, headers } = await append({ role: 'user', content: secret }, { 'idempotency-key': secret });
  undo();
  await ask(secret);
  expect(status).toBe(500);
  const line = api.logged.find((each) => each.includes(headers.get('x-request-id') ?? 'none')) ?? '';
  expect(JSON.parse(line)).toMatchObject({
    level: 'ERROR',
    operation: 'conversations/append-message',
    status: '500',
    code: 'internal_error',
    cause: { name: 'TransactionCanceledException' },
  });
  expect(api.logged.join('')).not.toContain(secret);
  expect(api.logged.join('')).not.toContain('eyJ');
});

test('conditions that did not hold are told by the names of their writes, with the items as they were', async () => {
  const context = contextOf({ getRemainingTimeInMillis: () => 60_000 } as LambdaContext, {}); // all that is read of it
  const pk = randomUUID();
  const put = (sk: string, text: string) => ({
    Put: { Item: storedItem({ pk, sk }, { text }), ConditionExpression: 'attribute_not_exists(pk)' },
  });
  expect(await transact({ first: put('A', 'first') }, context)).toEqual({ committed: true });
  // A write that is not made takes no place: the reasons of DynamoDB are one for each that is.
  const refused = await transact(
    { nothing: null, free: put('B', 'free'), taken: put('A', 'second') },
    context,
  );
  const current = { pk, sk: 'A', text: 'first', v: 1 };
  expect(refused).toEqual({ committed: false, failed: { taken: { current } } });
});
