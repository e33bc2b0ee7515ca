import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../command/fault.ts';

/**
 * What a secret file holds, which is made on first use, once, also by two processes at the same time.
 *
 * @throws Fault when the file is there and cannot be read
 */
export async function keptFile(file: string, make: () => string | Promise<string>): Promise<string> {
  return read(file) ?? keep(file, await make());
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(file);
  }
}

function keep(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text, { mode: 0o600 });
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
