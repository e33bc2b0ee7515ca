import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { wordsOf } from '../../functions/domain/words.ts';
import { LOCAL_TOOLS_VARIABLE } from '../../functions/tools/url.ts';
import { buildBundles } from '../bundles.ts';
import { commitBarrier } from './commit-barrier.ts';
import { LOCAL_TABLE, localDatabase, localEnvironment } from './environment.ts';
import { eventQueue } from './event-queue.ts';
import { hasSpace } from './free-space.ts';
import { createGateway } from './gateway.ts';
import { checkGivenDatabase } from './given-database.ts';
import { addProcess, instanceFolder, markerOf } from './instance.ts';
import { createInvokeApi, type Invocation } from './invoke-api.ts';
import type { Issuer } from './issuer.ts';
import { listen } from './listen.ts';
import { type LocalFunctions, startLocalFunctions } from './local-functions.ts';
import { type Instance, startServer, startServices, THIS_MACHINE } from './services.ts';

/** A running local API. */
export interface Twin {
  readonly url: string;
  readonly issuer: Issuer;
  readonly databaseUrl: string;
  readonly accessKeyId: string | null;
  /** Says why it no longer works, once that is so. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
}

interface TwinOptions {
  readonly port: number;
  readonly inMemory: boolean;
  /** Whether agents may have tools that listen on this machine, by http. */
  readonly allowLocalTools: boolean;
}

/** What is behind the gateway, running. */
interface Backend extends Pick<Twin, 'issuer' | 'databaseUrl' | 'accessKeyId' | 'ended'> {
  readonly functions: LocalFunctions;
  /** Whether what is written can be kept. */
  readonly hasSpace: () => boolean;
}

/**
 * Parley on this machine: a gateway, the bundles that deploy, DynamoDB Local and, without a model's key, a stand-in
 * for the Messages API. AWS_ENDPOINT_URL_DYNAMODB and ANTHROPIC_BASE_URL are used instead where they are set.
 *
 * @param port where the gateway listens, 0 for a free one; everything else takes a free port
 * @throws Fault when the port is taken, Java is missing, or a database cannot be used
 */
export async function startTwin({ port, inMemory, allowLocalTools }: TwinOptions): Promise<Twin> {
  await checkGivenDatabase();
  const ready = Promise.withResolvers<Backend>();
  ready.promise.catch(() => {}); // the caller is told below; who waits for it in a request is told there
  // The port comes first, because holding it keeps other instances out of its folder. Early requests wait.
  const gateway = await listen(
    createGateway({
      invoke: async (endpoint, event) => (await ready.promise).functions.invoke(endpoint, event),
      invokeStream: async (...invocation) => (await ready.promise).functions.invokeStream(...invocation),
      authorize: async (endpoint, request) => (await ready.promise).functions.authorize(endpoint, request),
      corsOrigins: wordsOf(process.env.CORS_ORIGINS ?? ''),
      hasSpace: async () => (await ready.promise).hasSpace(),
    }),
    port,
  );
  const started = new AsyncDisposableStack();
  const stop = async () => {
    await gateway.close();
    await started.disposeAsync();
  };
  try {
    const backend = await startBehind({ port: gateway.port, inMemory, allowLocalTools, started });
    ready.resolve(backend);
    const { issuer, databaseUrl, accessKeyId, ended } = backend;
    return { url: urlOf(gateway.port), issuer, databaseUrl, accessKeyId, ended, stop };
  } catch (error) {
    ready.reject(error);
    await stop();
    throw error;
  }
}

/** Where clients find the gateway. */
function urlOf(port: number): string {
  return `http://localhost:${port}`;
}

/** Starts all that is behind the gateway. */
async function startBehind({
  port,
  inMemory,
  allowLocalTools,
  started,
}: Instance & TwinOptions): Promise<Backend> {
  const folder = instanceFolder(port);
  const bundles = join(folder, 'functions');
  const starting = [startServices({ port, inMemory, started }), buildBundles(bundles)] as const;
  await Promise.allSettled(starting); // also when one fails: what is still starting could not be stopped
  started.defer(() => rmSync(bundles, { recursive: true, force: true }));
  const [{ issuer, servers, dataFolder, ended, watcher }] = await Promise.all(starting);
  const jwt = issuer.configuration;
  const ready = Promise.withResolvers<LocalFunctions>();
  const invoked: Invocation = async (...invocation) => (await ready.promise).invokeNamed(...invocation);
  const invokeApi = createInvokeApi({ invoke: invoked, queue: eventQueue(invoked) });
  const invokeUrl = await startServer(invokeApi, { host: THIS_MACHINE, started });
  const environment = {
    ...localEnvironment(jwt, { ...servers, invokeUrl, apiUrl: urlOf(port) }),
    [LOCAL_TOOLS_VARIABLE]: String(allowLocalTools), // whatever the shell says
  };
  const onStart = (pid: number) => {
    watcher.watch(pid, markerOf(folder));
    addProcess(folder, pid);
  };
  const functions = startLocalFunctions({ bundles, environment, jwt, marker: markerOf(folder), onStart });
  started.defer(functions.stop);
  ready.resolve(functions);
  const { databaseUrl, accessKeyId } = servers;
  const committed = commitBarrier(LOCAL_TABLE, localDatabase(databaseUrl, accessKeyId));
  const invoke: LocalFunctions['invoke'] = async (endpoint, event) => {
    const result = await functions.invoke(endpoint, event);
    if (endpoint.method !== 'GET' && dataFolder !== null) await committed();
    return result;
  };
  return {
    issuer,
    databaseUrl,
    accessKeyId,
    ended,
    functions: { ...functions, invoke },
    hasSpace: () => dataFolder === null || hasSpace(dataFolder),
  };
}
