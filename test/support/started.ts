import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../../lib/local/free-port.ts';
import { instanceFolder, readInstance, stopLeftOvers } from '../../lib/local/instance.ts';

const ROOT = join(import.meta.dirname, '../..');
const READY_WITHIN_MS = 60_000;

/** `npm start` as a process of its own, in a process group of its own, as a terminal would run it. */
export interface Started {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
  /** Everything that it runs: itself, the database, the functions. */
  readonly pids: () => readonly number[];
  readonly exited: Promise<number | null>;
}

/** A port whose instance is stopped and forgotten when the test is over, however it went. */
export async function instancePort(after: (clean: () => void) => void): Promise<number> {
  const port = await freePort();
  after(() => {
    stopLeftOvers(instanceFolder(port));
    rmSync(instanceFolder(port), { recursive: true, force: true });
  });
  return port;
}

/** The program that `npm start` runs, without npm. */
const PROGRAM = [process.execPath, join(ROOT, 'bin/start.ts')] as const;
const BY_NPM = ['npm', 'start', '--'] as const;

/** Starts, without waiting until it is ready. */
export function launch(
  port: number,
  options: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
  [command, ...first]: readonly [string, ...string[]] = PROGRAM,
): Started {
  const {
    ANTHROPIC_API_KEY: _key,
    ANTHROPIC_BASE_URL: _url,
    AWS_ENDPOINT_URL_DYNAMODB: _database,
    ...env
  } = process.env;
  const child = spawn(command, [...first, ...options], {
    cwd: ROOT,
    env: { ...env, PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    child,
    url: `http://localhost:${port}`,
    output: () => output,
    pids: () => [child.pid ?? 0, ...(readInstance(instanceFolder(port))?.pids ?? [])],
    exited: new Promise((resolve) => child.once('exit', resolve)),
  };
}

/** Starts and waits until everything is printed. */
export function start(
  port: number,
  options: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<Started> {
  return whenReady(launch(port, options, environment));
}

/** The same by npm, as a person does. */
export function startByNpm(port: number, options: readonly string[] = []): Promise<Started> {
  return whenReady(launch(port, options, {}, BY_NPM));
}

function whenReady(started: Started): Promise<Started> {
  return untilPrinted(started, /(?:^curl [^]*?\n[^]*){4}/mu);
}

/** Waits until it has printed this. */
export async function untilPrinted(started: Started, expected: RegExp): Promise<Started> {
  const until = Date.now() + READY_WITHIN_MS;
  while (!expected.test(started.output())) {
    if (Date.now() > until || started.child.exitCode !== null)
      throw new Error(`Not ready: ${started.output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return started;
}

/** How it ended; a net far above the five seconds that it has, and far below what clients can hold it for. */
export function endedSoon({ exited }: Started): Promise<unknown> {
  return Promise.race([exited, wait(15_000, 'it still runs', { ref: false })]);
}

/** Kills a start and what stands in its process group, if anything of it is left. */
export function killGroup({ child }: Started): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Whether a process is there; one that has ended and is not waited for yet is not. */
export function isAlive(pid: number): boolean {
  return !['', 'Z', 'X'].includes(stateOf(pid));
}

/** A process's state as ps has it: R running, S sleeping, T stopped, Z ended; empty when there is none. */
export function stateOf(pid: number): string {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.charAt(0);
}
