import type { Server } from 'node:http';
import type { ContainerHost } from './containers.ts';
import { createTable } from './create-table.ts';
import { hasModel, LOCAL_TABLE, type LocalServers, localDatabase, localModelKey } from './environment.ts';
import { guard } from './guard.ts';
import { forgetInstance, instanceFolder, LOCAL_FOLDER, SIGNING_KEY_FILE, stopLeftOvers } from './instance.ts';
import { type Issuer, openIssuer } from './issuer.ts';
import { makePrivateFolder } from './kept-file.ts';
import { LOOPBACK, listen } from './listen.ts';
import { createModelStandIn } from './model-stand-in.ts';
import { createSecretStore, LOCAL_MODEL_KEY_SECRET, LOCAL_TOOL_SECRET } from './secret-store.ts';
import { type Database, startDatabase } from './start-database.ts';
import { localToolSecret } from './tool-secret.ts';
import { startWatcher, type Watcher } from './watch.ts';

/** A local instance, about to start. */
export interface Instance {
  /** The port that its API has or will have: whoever starts an instance makes sure that it is free. */
  readonly port: number;
  readonly inMemory: boolean;
  /** Where its servers listen, and by which name they are called: this machine alone, or its containers too. */
  readonly host?: ContainerHost;
  /** Collects what ends again all that was started; it is run backwards. */
  readonly started: AsyncDisposableStack;
}

/** What functions need, running. */
export interface Services extends Pick<Database, 'dataFolder' | 'ended'> {
  readonly issuer: Issuer;
  readonly servers: Omit<LocalServers, 'invokeUrl' | 'apiUrl'>;
  readonly watcher: Watcher;
}

/** Starts what functions need of AWS and of the model, and remembers it for other commands. */
export async function startServices({
  port,
  inMemory,
  host = THIS_MACHINE,
  started,
}: Instance): Promise<Services> {
  const folder = instanceFolder(port);
  makePrivateFolder(LOCAL_FOLDER);
  stopLeftOvers(folder);
  started.defer(() => forgetInstance(folder));
  const watcher = startWatcher();
  started.defer(watcher.stop);
  const starting = [
    openIssuer(SIGNING_KEY_FILE),
    hasModel() ? Promise.resolve(null) : startServer(createModelStandIn(), { host, started }),
    startSecretStore({ host, started }),
    startDatabase({ folder, inMemory, started, watcher }),
  ] as const;
  await Promise.allSettled(starting); // also when one fails: what is still starting could not be stopped
  const [issuer, modelUrl, secretsUrl, database] = await Promise.all(starting);
  const { databaseUrl, accessKeyId, dataFolder, ended } = database;
  await createTable(LOCAL_TABLE, localDatabase(databaseUrl, accessKeyId));
  const servers = { databaseUrl, accessKeyId, secretsUrl, modelUrl };
  return { issuer, servers, dataFolder, ended, watcher };
}

/** For servers that nobody but this machine is to reach. */
export const THIS_MACHINE: ContainerHost = { address: LOOPBACK, name: LOOPBACK };

async function startSecretStore(where: Where): Promise<string> {
  const toolSecret = await localToolSecret();
  const secrets = { [LOCAL_MODEL_KEY_SECRET]: localModelKey, [LOCAL_TOOL_SECRET]: () => toolSecret };
  return startServer(createSecretStore(secrets), where);
}

interface Where {
  readonly host: ContainerHost;
  readonly started: AsyncDisposableStack;
}

/** Starts a server on a free port, for those who are told its URL. @returns that */
export async function startServer(
  server: Server,
  { host: { address, name }, started }: Where,
): Promise<string> {
  const { guarded, path } = guard(server, [address, name]);
  const { port, cut } = await listen(guarded, 0, address);
  started.defer(cut); // whom it serves is gone by then
  return `http://${address}:${port}${path}`;
}
