import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildBundles } from '../bundles.ts';
import { Fault } from '../command/fault.ts';
import { TITLE_VARIABLE, WORKER_VARIABLE } from '../function-environment.ts';
import { makeLocalTemplate } from '../local-template.ts';
import { containerHost, seenByContainers } from './containers.ts';
import { LOCAL_TABLE, localEnvironment } from './environment.ts';
import { freePort } from './free-port.ts';
import { instanceFolder } from './instance.ts';
import { LOOPBACK, listen } from './listen.ts';
import { startServices } from './services.ts';

const MISSING = [
  ['docker', ['info'], 'Docker is not installed or not running: https://docs.docker.com/get-docker/'],
  ['sam', ['--version'], 'The SAM CLI is not installed: pip install aws-sam-cli'],
] as const;

/**
 * Runs the stack's template in AWS's own emulation of API Gateway and Lambda: `sam local start-api`, on the local
 * database, issuer and secret that `npm start` uses too. Returns when sam has ended.
 *
 * @returns sam's exit code
 * @throws Fault that says what is missing
 */
export async function runSam(port: number): Promise<number> {
  await findTools();
  await using started = new AsyncDisposableStack();
  const stopping = new AbortController();
  // Ctrl-C reaches sam too; what ends this process otherwise is handed on. Either way what was started is ended.
  for (const name of SIGNALS) process.on(name, () => stopping.abort(name));
  const held = await listen(createServer(), port); // other instances on the port use the same folder
  const { common, invokePort, address } = await prepare(port, started).finally(held.close);
  if (stopping.signal.aborted) return 0;
  process.stdout.write(
    `Parley in sam local, on the table ${LOCAL_TABLE}. Tokens and keys: npm run token, npm run api-key\n`,
  );
  // Functions invoke others, those that make answers and titles, by start-lambda.
  const lambda = spawnSam('start-lambda', [...common, '--host', address, '--port', String(invokePort)]);
  const api = spawnSam('start-api', [...common, '--host', LOOPBACK, '--port', String(port)]);
  const { signal } = stopping;
  const stop = () => [lambda, api].forEach((sam) => sam.kill('SIGTERM'));
  signal.addEventListener('abort', () => signal.reason !== 'SIGINT' && stop());
  // Awaited here: what sam needs ends when this function does. One of the two is no use without the other.
  const code = await Promise.race([exitCodeOf(api), exitCodeOf(lambda)]);
  stop();
  await Promise.all([exitCodeOf(api), exitCodeOf(lambda)]);
  return code;
}

function spawnSam(command: string, options: readonly string[]): ChildProcess {
  return spawn('sam', ['local', command, ...options], { stdio: 'inherit' });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What sam is started with. */
interface Prepared {
  readonly common: readonly string[];
  /** Where Lambda's Invoke API will be, for containers to reach. */
  readonly address: string;
  readonly invokePort: number;
}

/** Starts what functions need and writes what sam reads. */
async function prepare(port: number, started: AsyncDisposableStack): Promise<Prepared> {
  const host = await containerHost();
  const { address } = host;
  const { issuer, servers } = await startServices({ port, inMemory: false, address, started });
  const folder = join(instanceFolder(port), 'sam');
  const bundles = join(folder, 'functions');
  await buildBundles(bundles);
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const template = makeLocalTemplate({ architecture, bundles, output: join(folder, 'cdk.out') });
  const invokePort = await freePort();
  const seen = {
    databaseUrl: seenByContainers(servers.databaseUrl, host),
    secretsUrl: seenByContainers(servers.secretsUrl, host),
    invokeUrl: seenByContainers(`http://${LOOPBACK}:${invokePort}`, host),
    modelUrl: seenByContainers(servers.modelUrl ?? process.env.ANTHROPIC_BASE_URL ?? '', host),
    apiUrl: `http://localhost:${port}`,
  };
  const environment = join(folder, 'environment.json');
  // sam itself knows by which names it runs functions that others invoke.
  const local = localEnvironment(issuer.configuration, seen, {});
  const { [WORKER_VARIABLE]: _worker, [TITLE_VARIABLE]: _titleWriter, ...Parameters } = local;
  writeFileSync(environment, JSON.stringify({ Parameters }));
  const common = ['--template', template, '--env-vars', environment, '--warm-containers', 'LAZY'];
  return { common, address, invokePort };
}

async function findTools(): Promise<void> {
  const runs = await Promise.allSettled(
    MISSING.map(([command, options]) => promisify(execFile)(command, [...options])),
  );
  const missing = MISSING.filter((_, index) => runs[index]?.status === 'rejected').map(([, , what]) => what);
  if (missing.length > 0) throw new Fault(`${missing.join('\n')}\nnpm start runs the API without either`);
}

function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    const ended = () => resolve(child.exitCode ?? (child.signalCode === 'SIGTERM' ? 0 : 1));
    if (child.exitCode !== null || child.signalCode !== null) return ended();
    return child.once('exit', ended);
  });
}
