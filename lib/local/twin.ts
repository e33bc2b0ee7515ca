import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { wordsOf } from '../../functions/domain/words.ts';
import { buildBundles } from '../bundles.ts';
import { commitBarrier } from './commit-barrier.ts';
import { createTable } from './create-table.ts';
import { spawnDynamoDbLocal } from './dynamodb-local.ts';
import {
  givenDatabase,
  hasModel,
  LOCAL_TABLE,
  localDatabase,
  localEnvironment,
  localModelKey,
} from './environment.ts';
import { createGateway } from './gateway.ts';
import {
  addProcess,
  forgetInstance,
  instanceFolder,
  markerOf,
  recordInstance,
  SIGNING_KEY_FILE,
  stopLeftOvers,
} from './instance.ts';
import { type Issuer, openIssuer } from './issuer.ts';
import { listen } from './listen.ts';
import { type LocalFunctions, startLocalFunctions } from './local-functions.ts';
import { createModelStandIn } from './model-stand-in.ts';
import { createSecretStore } from './secret-store.ts';

/** A running local API. */
export interface Twin {
  readonly url: string;
  readonly issuer: Issuer;
  readonly databaseUrl: string;
  readonly stop: () => Promise<void>;
}

/** What is behind the gateway, running. */
interface Backend extends Pick<Twin, 'issuer' | 'databaseUrl'> {
  readonly functions: LocalFunctions;
}

interface Behind {
  readonly port: number;
  readonly inMemory: boolean;
  /** Collects what ends again all that was started; it is run backwards. */
  readonly started: AsyncDisposableStack;
}

/**
 * Parley on this machine: a gateway, the bundles that deploy, DynamoDB Local and, without a model's key, a stand-in
 * for the Messages API. AWS_ENDPOINT_URL_DYNAMODB and ANTHROPIC_BASE_URL are used instead where they are set.
 *
 * @param port where the gateway listens, 0 for a free one; everything else takes a free port
 * @throws Fault when the port is taken or Java is missing
 */
export async function startTwin({ port, inMemory }: { port: number; inMemory: boolean }): Promise<Twin> {
  const ready = Promise.withResolvers<Backend>();
  ready.promise.catch(() => {}); // the caller is told below; who waits for it in a request is told there
  // The port comes first, because holding it keeps other instances out of its folder. Early requests wait.
  const gateway = await listen(
    createGateway({
      invoke: async (endpoint, event) => (await ready.promise).functions.invoke(endpoint, event),
      authorize: async (endpoint, request) => (await ready.promise).functions.authorize(endpoint, request),
      corsOrigins: wordsOf(process.env.CORS_ORIGINS ?? ''),
    }),
    port,
  );
  const started = new AsyncDisposableStack();
  const stop = async () => {
    await gateway.close();
    await started.disposeAsync();
  };
  try {
    const backend = await startBehind({ port: gateway.port, inMemory, started });
    ready.resolve(backend);
    const { issuer, databaseUrl } = backend;
    return { url: `http://localhost:${gateway.port}`, issuer, databaseUrl, stop };
  } catch (error) {
    ready.reject(error);
    await stop();
    throw error;
  }
}

/** Starts all that is behind the gateway. */
async function startBehind({ port, inMemory, started }: Behind): Promise<Backend> {
  const folder = instanceFolder(port);
  const marker = markerOf(folder);
  const bundles = join(folder, 'functions');
  stopLeftOvers(folder);
  started.defer(() => forgetInstance(folder));
  started.defer(() => rmSync(bundles, { recursive: true, force: true }));
  const starting = [
    openIssuer(SIGNING_KEY_FILE),
    startModel(started),
    startServer(createSecretStore(localModelKey), started),
    startDatabase({ folder, inMemory, marker, started }),
    buildBundles(bundles),
  ] as const;
  await Promise.allSettled(starting); // also when one fails: what is still starting could not be stopped
  const [issuer, modelUrl, secretsUrl, databaseUrl] = await Promise.all(starting);
  const database = localDatabase(databaseUrl);
  await createTable(LOCAL_TABLE, database);
  const jwt = issuer.configuration;
  const environment = localEnvironment(jwt, { databaseUrl, secretsUrl, modelUrl });
  const onStart = (pid: number) => addProcess(folder, pid);
  const functions = startLocalFunctions({ bundles, environment, jwt, marker, onStart });
  started.defer(functions.stop);
  const committed = commitBarrier(LOCAL_TABLE, database);
  const invoke: LocalFunctions['invoke'] = async (endpoint, event) => {
    const result = await functions.invoke(endpoint, event);
    if (endpoint.method !== 'GET' && !inMemory) await committed();
    return result;
  };
  return { issuer, databaseUrl, functions: { ...functions, invoke } };
}

async function startModel(started: AsyncDisposableStack): Promise<string | null> {
  return hasModel() ? null : startServer(createModelStandIn(), started);
}

async function startServer(server: Server, started: AsyncDisposableStack): Promise<string> {
  const { port, close } = await listen(server, 0);
  started.defer(close);
  return `http://127.0.0.1:${port}`;
}

async function startDatabase({
  folder,
  inMemory,
  marker,
  started,
}: Pick<Behind, 'inMemory' | 'started'> & { folder: string; marker: string }): Promise<string> {
  const given = givenDatabase();
  if (given) {
    recordInstance(folder, { databaseUrl: given, pids: [] });
    return given;
  }
  const database = await spawnDynamoDbLocal(inMemory ? null : join(folder, 'dynamodb'), marker);
  // Known before it is ready: whatever happens meanwhile, it will be stopped.
  started.defer(database.stop);
  recordInstance(folder, { databaseUrl: database.endpoint, pids: [database.pid] });
  await database.ready;
  return database.endpoint;
}
