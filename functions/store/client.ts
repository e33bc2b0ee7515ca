import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TABLE_NAME_VARIABLE } from './table.ts';

/** A connection to the table. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly name: string;
}

const MAX_ATTEMPTS = 3;
const CONNECT_WITHIN_MS = 1_000;
const RESPOND_WITHIN_MS = 2_000;
/** The longest that a call of a database without an answer lasts; a function must live longer, to say so. */
export const SLOWEST_CALL_MS = MAX_ATTEMPTS * (CONNECT_WITHIN_MS + RESPOND_WITHIN_MS);

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
    // DynamoDB answers in milliseconds: seconds without an answer are a dead connection, and a retry will do better.
    new DynamoDBClient({
      maxAttempts: MAX_ATTEMPTS,
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
