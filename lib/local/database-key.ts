import { randomBytes } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../command/fault.ts';
import { DATABASE_KEY_FILE } from './instance.ts';
import { keptFile } from './kept-file.ts';

/** The region of local databases. */
export const LOCAL_REGION = 'us-east-1';

/**
 * The access key that opens the databases on this machine. DynamoDB Local listens on every interface and takes any key,
 * but has a database for each (docs.aws.amazon.com, DynamoDBLocal.UsageNotes, `-sharedDb`): whoever does not know
 * this one finds nothing. It takes letters and digits only.
 *
 * @throws Fault when the file holds something else
 */
export async function databaseKey(): Promise<string> {
  const key = await keptFile(DATABASE_KEY_FILE, () => randomBytes(16).toString('hex'));
  if (!/^[A-Za-z0-9]+$/u.test(key))
    throw new Fault(
      `${DATABASE_KEY_FILE} is no access key: put in it what stands before _${LOCAL_REGION}.db`,
    );
  return key;
}

/** What `-sharedDb` calls its one file. SQLite finds a journal by the name of its database. */
const SHARED = 'shared-local-instance.db';

/**
 * Makes the data that were kept for every access key those of this one: DynamoDB Local names a file by key and region.
 * The journal goes first, so that a database never stands without the one that it needs.
 */
export function takeOverSharedData(dataFolder: string, accessKeyId: string): void {
  const own = databaseFile(accessKeyId);
  if (existsSync(join(dataFolder, own))) return;
  for (const suffix of ['-journal', '']) {
    const shared = join(dataFolder, SHARED + suffix);
    if (existsSync(shared)) renameSync(shared, join(dataFolder, own + suffix));
  }
}

/** The name of the file in which DynamoDB Local keeps what this key opens. */
export function databaseFile(accessKeyId: string): string {
  return `${accessKeyId}_${LOCAL_REGION}.db`;
}
