import { mkdirSync } from 'node:fs';
import { databaseKey, takeOverSharedData } from './database-key.ts';
import { spawnDynamoDbLocal } from './dynamodb-local.ts';
import type { LocalServers } from './environment.ts';
import { checkDataFolder } from './free-space.ts';
import { givenDatabase } from './given-database.ts';
import { dataFolderOf, markerOf, recordInstance } from './instance.ts';
import type { Watcher } from './watch.ts';

/** A database that answers: ours, or one of the developer's own. */
export interface Database extends Pick<LocalServers, 'databaseUrl' | 'accessKeyId'> {
  /** Where its data are kept; null for memory, and for a database of the developer's own. */
  readonly dataFolder: string | null;
  /** Says why it is gone, once it is; of the developer's own nothing is known. */
  readonly ended: Promise<string>;
}

interface Starting {
  /** The instance's. */
  readonly folder: string;
  readonly inMemory: boolean;
  readonly started: AsyncDisposableStack;
  readonly watcher: Watcher;
}

/** Starts the database of an instance, unless one is given, and remembers it for other commands. */
export async function startDatabase({ folder, inMemory, started, watcher }: Starting): Promise<Database> {
  const given = givenDatabase();
  if (given) {
    recordInstance(folder, { databaseUrl: given, accessKeyId: null, dataFolder: null, pids: [] });
    return { databaseUrl: given, accessKeyId: null, dataFolder: null, ended: new Promise(() => {}) };
  }
  const accessKeyId = await databaseKey();
  const dataFolder = inMemory ? null : openDataFolder(folder, accessKeyId);
  const database = await spawnDynamoDbLocal(dataFolder, markerOf(folder));
  // Known before it is ready: whatever happens meanwhile, it will be stopped.
  watcher.watch(database.pid, markerOf(folder));
  started.defer(database.stop);
  const pids = [database.pid];
  recordInstance(folder, { databaseUrl: database.endpoint, accessKeyId, dataFolder, pids });
  await database.ready;
  return { databaseUrl: database.endpoint, accessKeyId, dataFolder, ended: database.ended };
}

/** The folder of an instance's data, which can be written to and opened with this key. */
function openDataFolder(folder: string, accessKeyId: string): string {
  const dataFolder = dataFolderOf(folder);
  mkdirSync(dataFolder, { recursive: true });
  checkDataFolder(dataFolder);
  takeOverSharedData(dataFolder, accessKeyId);
  return dataFolder;
}
