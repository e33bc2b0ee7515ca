import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  ResourceInUseException,
  ScanCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { SCHEMA_VERSION } from '../../functions/store/stored-item.ts';
import { TABLE } from '../../functions/store/table.ts';
import { Fault } from '../command/fault.ts';
import { NEEDED } from './given-database.ts';
import { LOCAL_FOLDER } from './instance.ts';

/** A net for a database that does not answer: ours takes less than a second. */
const WITHIN_MS = 30_000;

/**
 * Makes the table in a local database, unless it is there. The same definition makes the deployed one.
 *
 * @throws Fault when the table that is there has other indexes, or items of another version of the schema; or when the
 * database does not answer in time, or refuses
 */
export async function createTable(
  name: string,
  configuration: DynamoDBClientConfig,
  withinMs = WITHIN_MS,
): Promise<void> {
  try {
    await makeTable(name, configuration, AbortSignal.timeout(withinMs));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(`The database does not make its table: ${reasonOf(cause, configuration)}`, { cause });
  }
}

function reasonOf(error: unknown, { credentials }: DynamoDBClientConfig): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const isLate = name === 'AbortError' || name === 'TimeoutError';
  const reason = isLate ? 'it does not answer' : message || name;
  if (credentials) return `${reason}. Stop npm start, and start it again`;
  return `${reason}. ${NEEDED}`;
}

async function makeTable(
  name: string,
  configuration: DynamoDBClientConfig,
  abortSignal: AbortSignal,
): Promise<void> {
  const client = new DynamoDBClient(configuration);
  const indexes = Object.entries(TABLE.indexes);
  const keys = [TABLE, ...indexes.map(([, index]) => index)].flatMap(({ partitionKey, sortKey }) => [
    partitionKey,
    sortKey,
  ]);
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [...new Set<string>(keys)].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        KeySchema: keySchema(TABLE),
        GlobalSecondaryIndexes: indexes.map(([IndexName, index]) => ({
          IndexName,
          KeySchema: keySchema(index),
          Projection: { ProjectionType: 'ALL' },
        })),
      }),
      { abortSignal },
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 60, abortSignal }, { TableName: name });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }), { abortSignal });
  const present = (Table?.GlobalSecondaryIndexes ?? []).filter(
    ({ Projection }) => Projection?.ProjectionType === 'ALL',
  );
  const missing = indexes.filter(([IndexName]) => !present.some((each) => each.IndexName === IndexName));
  if (missing.length > 0 || (await hasOtherItems(client, name, abortSignal)))
    throw new Fault(`The local data are of another version. Remove ${LOCAL_FOLDER} to begin anew`);
}

/** Whether one of the first items that a scan finds, up to 1 MB of them, is of another version of the schema. */
async function hasOtherItems(
  client: DynamoDBClient,
  TableName: string,
  abortSignal: AbortSignal,
): Promise<boolean> {
  const others = new ScanCommand({
    TableName,
    FilterExpression: 'attribute_not_exists(v) OR v <> :v',
    ExpressionAttributeValues: { ':v': { N: String(SCHEMA_VERSION) } },
    Select: 'COUNT',
  });
  const { Count = 0 } = await client.send(others, { abortSignal });
  return Count > 0;
}

function keySchema({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}
