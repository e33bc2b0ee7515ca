import { type ChildProcess, execFile, spawn } from 'node:child_process';
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
import { writePrivateFile } from './kept-file.ts';
import { LOOPBACK, listen } from './listen.ts';
import { samEnvironment } from './sam-environment.ts';
import { type Services, startServices } from './services.ts';
import { stopSignal, unlessStopped } from './stop-signal.ts';

const MISSING = [
  ['docker', ['info'], 'Docker is not installed or not running: https://docs.docker.com/get-docker/'],
  ['sam', ['--version'], 'The SAM CLI is not installed: pip install aws-sam-cli'],
] as const;
/** A Docker that hangs is as good as none. */
const ANSWER_WITHIN_MS = 30_000;

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
  const signal = stopSignal();
  const held = await listen(createServer(), port); // other instances on the port use the same folder
  const preparing = prepare(port, started).finally(held.close);
  const { common, invokePort, address, env, watch, ended } = await unlessStopped(preparing, signal);
  process.stdout.write(
    `Parley in sam local, on the table ${LOCAL_TABLE}. Tokens and keys: npm run token, npm run api-key\n`,
  );
  // Functions invoke others, those that make answers and titles, by start-lambda.
  const spawnSam = (command: string, where: readonly string[]) => {
    const sam = spawn('sam', ['local', command, ...common, ...where], { stdio: 'inherit', env });
    watch(sam);
    return sam;
  };
  const lambda = spawnSam('start-lambda', ['--host', address, '--port', String(invokePort)]);
  const api = spawnSam('start-api', ['--host', LOOPBACK, '--port', String(port)]);
  const kill = (name: NodeJS.Signals) => [lambda, api].forEach((sam) => sam.kill(name));
  const stop = () => {
    kill('SIGTERM');
    setTimeout(kill, STOP_WITHIN_MS, 'SIGKILL').unref();
  };
  // Ctrl-C reaches sam too; what ends this process otherwise is handed on. Either way what was started is ended.
  signal.addEventListener('abort', () =>
    setTimeout(stop, signal.reason === 'SIGINT' ? CTRL_C_WITHIN_MS : 0).unref(),
  );
  // Awaited here: what sam needs ends when this function does. One of the two is no use without the other.
  const code = await Promise.race([exitCodeOf(api), exitCodeOf(lambda), ended]);
  stop();
  await Promise.all([exitCodeOf(api), exitCodeOf(lambda)]);
  if (typeof code === 'string') throw new Fault(`${code}. sam ends with it: npm run sam again`);
  return code;
}

/** sam has Ctrl-C from the terminal, and removes its containers; it may also not have had it. */
const CTRL_C_WITHIN_MS = 1_000;
/** Removing its containers takes a moment. */
const STOP_WITHIN_MS = 2_500;

/** What sam is started with. */
interface Prepared extends Pick<Services, 'ended'> {
  readonly common: readonly string[];
  /** Where Lambda's Invoke API will be, for containers to reach. */
  readonly address: string;
  readonly invokePort: number;
  readonly env: NodeJS.ProcessEnv;
  /** Has sam end with this process, however that ends. */
  readonly watch: (sam: ChildProcess) => void;
}

/** Starts what functions need and writes what sam reads. */
async function prepare(port: number, started: AsyncDisposableStack): Promise<Prepared> {
  const host = await containerHost();
  const { issuer, servers, ended, watcher } = await startServices({ port, inMemory: false, host, started });
  const folder = join(instanceFolder(port), 'sam');
  const bundles = join(folder, 'functions');
  await buildBundles(bundles);
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x86_64';
  const template = makeLocalTemplate({ architecture, bundles, output: join(folder, 'cdk.out') });
  const invokePort = await freePort();
  const seen = {
    databaseUrl: seenByContainers(servers.databaseUrl, host),
    accessKeyId: servers.accessKeyId,
    secretsUrl: seenByContainers(servers.secretsUrl, host),
    invokeUrl: seenByContainers(`http://${LOOPBACK}:${invokePort}`, host),
    modelUrl: seenByContainers(servers.modelUrl ?? process.env.ANTHROPIC_BASE_URL ?? '', host),
    apiUrl: `http://localhost:${port}`,
  };
  const environment = join(folder, 'environment.json');
  // sam itself knows by which names it runs functions that others invoke.
  const local = localEnvironment(issuer.configuration, seen, {});
  const { [WORKER_VARIABLE]: _worker, [TITLE_VARIABLE]: _titleWriter, ...Parameters } = local;
  writePrivateFile(environment, JSON.stringify({ Parameters }));
  const common = ['--template', template, '--env-vars', environment, '--warm-containers', 'LAZY'];
  return {
    common,
    address: host.address,
    invokePort,
    ended,
    env: samEnvironment(servers.accessKeyId),
    watch: ({ pid }) => pid !== undefined && watcher.watch(pid, environment),
  };
}

async function findTools(): Promise<void> {
  const runs = await Promise.allSettled(
    MISSING.map(([command, options]) =>
      promisify(execFile)(command, [...options], { timeout: ANSWER_WITHIN_MS }),
    ),
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
