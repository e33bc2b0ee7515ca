import type { Server } from 'node:http';
import { join } from 'node:path';
import { createTable } from './create-table.ts';
import { spawnDynamoDbLocal } from './dynamodb-local.ts';
import {
  givenDatabase,
  hasModel,
  LOCAL_TABLE,
  type LocalServers,
  localDatabase,
  localModelKey,
} from './environment.ts';
import {
  forgetInstance,
  instanceFolder,
  markerOf,
  recordInstance,
  SIGNING_KEY_FILE,
  stopLeftOvers,
} from './instance.ts';
import { type Issuer, openIssuer } from './issuer.ts';
import { LOOPBACK, listen } from './listen.ts';
import { createModelStandIn } from './model-stand-in.ts';
import { createSecretStore, LOCAL_MODEL_KEY_SECRET, LOCAL_TOOL_SECRET } from './secret-store.ts';
import { localToolSecret } from './tool-secret.ts';

/** A local instance, about to start. */
export interface Instance {
  /** The port that its API has or will have: whoever starts an instance makes sure that it is free. */
  readonly port: number;
  readonly inMemory: boolean;
  /** Where its servers listen: this machine alone, or what its containers see of it. */
  readonly address?: string;
  /** Collects what ends again all that was started; it is run backwards. */
  readonly started: AsyncDisposableStack;
}

/** Starts what functions need of AWS and of the model, and remembers it for other commands. */
export async function startServices({
  port,
  inMemory,
  address = LOOPBACK,
  started,
}: Instance): Promise<{ issuer: Issuer; servers: Omit<LocalServers, 'invokeUrl' | 'apiUrl'> }> {
  const folder = instanceFolder(port);
  stopLeftOvers(folder);
  started.defer(() => forgetInstance(folder));
  const starting = [
    openIssuer(SIGNING_KEY_FILE),
    hasModel() ? Promise.resolve(null) : startServer(createModelStandIn(), { address, started }),
    startSecretStore({ address, started }),
    startDatabase({ folder, inMemory, started }),
  ] as const;
  await Promise.allSettled(starting); // also when one fails: what is still starting could not be stopped
  const [issuer, modelUrl, secretsUrl, databaseUrl] = await Promise.all(starting);
  await createTable(LOCAL_TABLE, localDatabase(databaseUrl));
  return { issuer, servers: { databaseUrl, secretsUrl, modelUrl } };
}

async function startSecretStore(where: { address: string; started: AsyncDisposableStack }): Promise<string> {
  const toolSecret = await localToolSecret();
  const secrets = { [LOCAL_MODEL_KEY_SECRET]: localModelKey, [LOCAL_TOOL_SECRET]: () => toolSecret };
  return startServer(createSecretStore(secrets), where);
}

/** Starts a server on a free port. @returns its URL */
export async function startServer(
  server: Server,
  { address, started }: { address: string; started: AsyncDisposableStack },
): Promise<string> {
  const { port, close } = await listen(server, 0, address);
  started.defer(close);
  return `http://${address}:${port}`;
}

async function startDatabase({
  folder,
  inMemory,
  started,
}: Pick<Instance, 'inMemory' | 'started'> & { folder: string }): Promise<string> {
  const given = givenDatabase();
  if (given) {
    recordInstance(folder, { databaseUrl: given, pids: [] });
    return given;
  }
  const database = await spawnDynamoDbLocal(inMemory ? null : join(folder, 'dynamodb'), markerOf(folder));
  // Known before it is ready: whatever happens meanwhile, it will be stopped.
  started.defer(database.stop);
  recordInstance(folder, { databaseUrl: database.endpoint, pids: [database.pid] });
  await database.ready;
  return database.endpoint;
}
