import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../command/fault.ts';

/** Permissions that nobody but the owner has any of. */
const OWNER_ONLY = { folder: 0o700, file: 0o600 } as const;

/**
 * What a secret file holds, which is made on first use, once, also by two processes at the same time. Nobody but its
 * owner can read it, nor what else is in its folder.
 *
 * @throws Fault when the file is there and cannot be read
 */
export async function keptFile(file: string, make: () => string | Promise<string>): Promise<string> {
  makePrivateFolder(dirname(file));
  return read(file) ?? keep(file, await make());
}

/** Makes a folder that only its owner can look into, or makes one that is there so. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: OWNER_ONLY.folder });
  restrict(folder, OWNER_ONLY.folder);
}

/** Writes a file that only its owner can read. */
export function writePrivateFile(file: string, text: string): void {
  writeFileSync(file, text, { mode: OWNER_ONLY.file });
  restrict(file, OWNER_ONLY.file); // one that was there keeps its mode
}

/** Takes from all others what they may do; a mode that is strict enough is not touched. */
function restrict(path: string, mode: number): void {
  if ((statSync(path).mode & 0o777 & ~mode) !== 0) chmodSync(path, mode);
}

function read(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8');
    restrict(file, OWNER_ONLY.file);
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(file);
  }
}

function keep(file: string, text: string): string {
  const draft = `${file}.${process.pid}`;
  writePrivateFile(draft, text);
  try {
    linkSync(draft, file); // fails where another process was first: its file is the one
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return read(file) ?? text;
}

/** For a file whose content is of no use, either. */
export function unreadable(file: string): Fault {
  return new Fault(`${file} is not readable: delete it, and a new one is made`);
}
