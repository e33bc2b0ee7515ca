import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBClient, type TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, describe, expect, inject, test, vi } from 'vitest';
import { createTable } from '../../../lib/local/create-table.ts';
import { localDatabase } from '../../../lib/local/environment.ts';
import { listen } from '../../../lib/local/listen.ts';
import { startDatabaseProxy } from '../../support/database-proxy.ts';

/** Long enough for whatever meets an item that is held. */
const HOLD_MS = 400;
const TableName = `test-${randomUUID()}`;
await createTable(TableName, localDatabase(inject('databaseUrl')));
const database = await startDatabaseProxy(inject('databaseUrl'), HOLD_MS);
afterAll(database.close);
// As AWS answers: nothing is tried again.
const clientOf = (url: string) =>
  DynamoDBDocumentClient.from(new DynamoDBClient({ ...localDatabase(url), maxAttempts: 1 }));
const client = clientOf(database.url);

const keyOf = (sk: string) => ({ pk: 'a', sk });
const put = (sk: string) => ({ Put: { TableName, Item: keyOf(sk) } });
const nameOf = (sent: Promise<unknown>) =>
  sent.then(
    () => 'done',
    (error: Error) => error.name,
  );

/** Runs this while a transaction holds these items. */
async function whileHeld<T>(items: readonly string[], run: () => Promise<T>): Promise<T> {
  const holding = client.send(new TransactWriteCommand({ TransactItems: items.map(put) }));
  await wait(HOLD_MS / 4);
  const result = await run();
  await holding;
  return result;
}

describe('an item that a transaction holds', () => {
  test('cancels another transaction, which says which of its items are held, in their order', async () => {
    const error = await whileHeld(['1', '2'], () =>
      client
        .send(new TransactWriteCommand({ TransactItems: ['0', '2', '3', '1'].map(put) }))
        .then(() => null)
        .catch((thrown: TransactionCanceledException) => thrown),
    );
    expect(error?.name).toBe('TransactionCanceledException');
    expect(error?.CancellationReasons?.map(({ Code }) => Code)).toEqual([
      'None',
      'TransactionConflict',
      'None',
      'TransactionConflict',
    ]);
  });

  test.each([
    ['PutItem', () => client.send(new PutCommand({ TableName, Item: keyOf('1') }))],
    [
      'UpdateItem',
      () =>
        client.send(
          new UpdateCommand({
            TableName,
            Key: keyOf('1'),
            UpdateExpression: 'SET a = :a',
            ExpressionAttributeValues: { ':a': 1 },
          }),
        ),
    ],
    ['DeleteItem', () => client.send(new DeleteCommand({ TableName, Key: keyOf('1') }))],
  ])('rejects a %s, and is free afterwards', async (_operation, write) => {
    expect(await whileHeld(['1'], () => nameOf(write()))).toBe('TransactionConflictException');
    expect(await nameOf(write())).toBe('done');
  });

  test('is left unprocessed by a batch', async () => {
    const batch = { RequestItems: { [TableName]: [{ DeleteRequest: { Key: keyOf('1') } }] } };
    const { UnprocessedItems } = await whileHeld(['1'], () => client.send(new BatchWriteCommand(batch)));
    expect(UnprocessedItems?.[TableName]).toHaveLength(1);
    expect((await client.send(new BatchWriteCommand(batch))).UnprocessedItems?.[TableName]).toBeUndefined();
  });

  test('cancels a transaction that reads it, and no other read', async () => {
    const Get = { TableName, Key: keyOf('1') };
    const names = await whileHeld(['1'], () =>
      Promise.all([
        nameOf(client.send(new TransactGetCommand({ TransactItems: [{ Get }] }))),
        nameOf(client.send(new GetCommand(Get))),
      ]),
    );
    expect(names).toEqual(['TransactionCanceledException', 'done']);
  });

  test('is no matter to what writes other items', async () => {
    const names = await whileHeld(['1'], () =>
      Promise.all([
        nameOf(client.send(new PutCommand({ TableName, Item: keyOf('2') }))),
        nameOf(client.send(new TransactWriteCommand({ TransactItems: [put('3')] }))),
      ]),
    );
    expect(names).toEqual(['done', 'done']);
  });
});

test('a transaction with the token of one in progress is refused, and later is the one that was made', async () => {
  const transaction = { TransactItems: [put('1')], ClientRequestToken: randomUUID() };
  const send = () => nameOf(client.send(new TransactWriteCommand(transaction)));
  const first = send();
  await wait(HOLD_MS / 4);
  expect(await send()).toBe('TransactionInProgressException');
  expect([await first, await send()]).toEqual(['done', 'done']);
});

test('a single write in flight cancels a transaction, and no other single write', async () => {
  const answers: (() => void)[] = [];
  // A database that does what it is asked once it is told to.
  const slow = createServer((_request, response) => answers.push(() => response.end('{}')));
  const { port, close } = await listen(slow, 0);
  const proxy = await startDatabaseProxy(`http://127.0.0.1:${port}`);
  const there = clientOf(proxy.url);
  const write = () => there.send(new PutCommand({ TableName, Item: keyOf('1') }));
  const writes = [write(), write()];
  await vi.waitUntil(() => answers.length === 2, { timeout: 60_000 });
  const transaction = there.send(new TransactWriteCommand({ TransactItems: [put('1')] }));
  expect(await nameOf(transaction)).toBe('TransactionCanceledException');
  for (const answer of answers) answer();
  expect(await Promise.all(writes)).toHaveLength(2);
  await Promise.all([proxy.close(), close()]);
});
