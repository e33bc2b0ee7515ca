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
import { LOCAL_FOLDER } from './instance.ts';

/**
 * Makes the table in a local database, unless it is there. The same definition makes the deployed one.
 *
 * @throws Fault when the table that is there has other indexes, or items of another version of the schema
 */
export async function createTable(name: string, configuration: DynamoDBClientConfig): Promise<void> {
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
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists({ client, maxWaitTime: 60 }, { TableName: name });
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  const present = (Table?.GlobalSecondaryIndexes ?? []).filter(
    ({ Projection }) => Projection?.ProjectionType === 'ALL',
  );
  const missing = indexes.filter(([IndexName]) => !present.some((each) => each.IndexName === IndexName));
  if (missing.length > 0 || (await hasOtherItems(client, name)))
    throw new Fault(`The local data are of another version. Remove ${LOCAL_FOLDER} to begin anew`);
}

/** Whether one of the first items that a scan finds, up to 1 MB of them, is of another version of the schema. */
async function hasOtherItems(client: DynamoDBClient, TableName: string): Promise<boolean> {
  const others = new ScanCommand({
    TableName,
    FilterExpression: 'attribute_not_exists(v) OR v <> :v',
    ExpressionAttributeValues: { ':v': { N: String(SCHEMA_VERSION) } },
    Select: 'COUNT',
  });
  const { Count = 0 } = await client.send(others);
  return Count > 0;
}

function keySchema({ partitionKey, sortKey }: { partitionKey: string; sortKey: string }) {
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
}
