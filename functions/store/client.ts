import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { RESPOND_WITHIN_MS } from '../patience/request-time.ts';
import { TABLE_NAME_VARIABLE } from './table.ts';

/** A connection to the table. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

const CONNECT_WITHIN_MS = 1_000;

let opened: Table | undefined;

/** The function's table, opened on first use and kept while the function lives. */
export function table(): Table {
  opened ??= openTable(process.env[TABLE_NAME_VARIABLE] ?? '');
  return opened;
}

/**
 * A connection to the table of this name. Region, credentials and, for a local database, AWS_ENDPOINT_URL_DYNAMODB
 * come from the environment, unless they are given.
 */
export function openTable(name: string, configuration: DynamoDBClientConfig = {}): Table {
  const client = DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: 1, // send.ts tries again: it knows how much time is left
      requestHandler: {
        connectionTimeout: CONNECT_WITHIN_MS,
        requestTimeout: RESPOND_WITHIN_MS,
        throwOnRequestTimeout: true,
      },
      ...configuration,
    }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  return { client, name };
}
