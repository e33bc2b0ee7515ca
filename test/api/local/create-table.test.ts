import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createTable } from '../../../lib/local/create-table.ts';
import { localDatabase } from '../../../lib/local/environment.ts';
import { listen } from '../../../lib/local/listen.ts';

const database = localDatabase(inject('databaseUrl'));

test('a table that is there is taken as it is', async () => {
  const name = `test-${randomUUID()}`;
  await createTable(name, database);
  await createTable(name, database);
});

test('a database that takes a question and never answers is given up, with what to do about it', async () => {
  const silent = await listen(createServer(), 0);
  onTestFinished(() => silent.cut());
  const hanging = localDatabase(`http://127.0.0.1:${silent.port}`);
  await expect(createTable('parley', hanging, 200)).rejects.toThrow(
    /^The database does not make its table: it does not answer\. Stop npm start, and start it again$/u,
  );
});

test('a table that an older version made is refused, with what to do about it', async () => {
  const TableName = `test-${randomUUID()}`;
  const older = new CreateTableCommand({
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
  await new DynamoDBClient(database).send(older);
  await expect(createTable(TableName, database)).rejects.toThrow(/another version\. Remove .*\.local/u);
});

test.each([
  ['nothing of its version', {}],
  ['an older version', { v: { N: '0' } }],
  ['a newer one', { v: { N: '1000' } }],
])('a table with an item that says %s is refused, and kept', async (_what, version) => {
  const TableName = `test-${randomUUID()}`;
  await createTable(TableName, database);
  const client = new DynamoDBClient(database);
  const Item = { pk: { S: 'a' }, sk: { S: 'b' }, ...version };
  await client.send(new PutItemCommand({ TableName, Item }));
  await expect(createTable(TableName, database)).rejects.toThrow(/another version\. Remove .*\.local/u);
});
