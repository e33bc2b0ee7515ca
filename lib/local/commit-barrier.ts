import { DynamoDBClient, type DynamoDBClientConfig, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { TABLE } from '../../functions/store/table.ts';

/** A database that hangs is one for the answer to tell of. */
const IN_TIME = { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true };

/**
 * DynamoDB Local answers a transaction some 5 to 10 ms before it is on disk (strace: the answer's writev comes before
 * the unlink of SQLite's journal), so a `kill -9` right after a 2xx could take it back. It works one job after the
 * other: a read that is sent after the answer is answered after the commit.
 *
 * @returns what resolves when all that the database has answered is on disk
 */
export function commitBarrier(tableName: string, configuration: DynamoDBClientConfig): () => Promise<void> {
  const client = new DynamoDBClient({ ...configuration, requestHandler: IN_TIME });
  const nothing = { [TABLE.partitionKey]: { S: 'BARRIER' }, [TABLE.sortKey]: { S: 'NOTHING' } };
  return async () => {
    await client.send(new GetItemCommand({ TableName: tableName, Key: nothing }));
  };
}
