import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writePrivateFile } from './kept-file.ts';

/** Where the local twin keeps things: three secrets for all instances, and a folder for the instance of each port. */
export const LOCAL_FOLDER = fileURLToPath(new URL('../../.local', import.meta.url));
export const SIGNING_KEY_FILE = join(LOCAL_FOLDER, 'signing-key.json');
export const TOOL_SECRET_FILE = join(LOCAL_FOLDER, 'tool-secret');
export const DATABASE_KEY_FILE = join(LOCAL_FOLDER, 'database-key');

export function instanceFolder(port: number): string {
  return join(LOCAL_FOLDER, String(port));
}

/** Where an instance keeps what is in its database. */
export function dataFolderOf(folder: string): string {
  return join(folder, 'dynamodb');
}

/** What other commands must know of a running instance. */
export interface Instance {
  /** The database, for `npm run api-key`. */
  readonly databaseUrl: string;
  /** What opens it; null for a database of the developer's own, which his credentials open. */
  readonly accessKeyId: string | null;
  /** Where the data are kept; null for memory, and for a database of the developer's own. */
  readonly dataFolder: string | null;
  /** What it started, for the next start to stop if this one is killed. */
  readonly pids: readonly number[];
}

/** Writes down a running instance. */
export function recordInstance(folder: string, instance: Instance): void {
  mkdirSync(folder, { recursive: true });
  writePrivateFile(instanceFile(folder), JSON.stringify(instance));
}

/** Adds a process to what the next start would have to stop. */
export function addProcess(folder: string, pid: number): void {
  const instance = readInstance(folder);
  if (instance) recordInstance(folder, { ...instance, pids: [...instance.pids, pid] });
}

export function readInstance(folder: string): Instance | null {
  try {
    return JSON.parse(readFileSync(instanceFile(folder), 'utf8')) as Instance;
  } catch {
    return null;
  }
}

/** Removes the record of an instance, and its folder where it has kept nothing else. */
export function forgetInstance(folder: string): void {
  rmSync(instanceFile(folder), { force: true });
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}

/**
 * Stops what an instance left running when it was killed: the database still holds the data, and frozen functions
 * would stay for ever. A process is touched only when its command line bears the instance's marker.
 */
export function stopLeftOvers(folder: string): void {
  for (const pid of readInstance(folder)?.pids ?? []) killMarked(pid, markerOf(folder));
  forgetInstance(folder);
}

/** Kills a process, unless the pid is another's by now: one whose command line does not bear the word. */
export function killMarked(pid: number, word: string): void {
  if (!commandLine(pid).includes(word)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it has just ended
  }
}

/** The word on the command lines of what an instance starts. */
export function markerOf(folder: string): string {
  return `parley-instance:${folder}`;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return commandLineByPs(pid);
  }
}

/** For systems without /proc. */
function commandLineByPs(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

function instanceFile(folder: string): string {
  return join(folder, 'instance.json');
}
