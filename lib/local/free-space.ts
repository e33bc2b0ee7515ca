import { accessSync, constants, existsSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../command/fault.ts';

/** What answers that are being made, and their logs, may still need when the next request is refused. */
const LEAST_FREE_MB = 64;
const MB = 1024 * 1024;

export const NO_SPACE = `The disk of the local data is full: nothing is stored with less than ${LEAST_FREE_MB} MB free`;

/**
 * Whether a folder's disk has room for more. DynamoDB Local says yes to what it could not write (measured: of 120
 * messages that were answered 200, 50 were there), so it is asked only while there is room.
 */
export function hasSpace(folder: string, statfs: typeof statfsSync = statfsSync): boolean {
  const { bavail, bsize } = statfs(folder);
  return bavail * bsize >= LEAST_FREE_MB * MB;
}

/**
 * Makes sure that data can be kept in a folder: on one that it cannot write DynamoDB Local starts, and never answers.
 *
 * @throws Fault with what to do
 */
export function checkDataFolder(folder: string): void {
  const kept = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  for (const path of [folder, ...kept]) {
    try {
      accessSync(path, constants.R_OK | constants.W_OK);
    } catch {
      throw new Fault(
        `${path} cannot be written: make it yours to write, or keep nothing (npm start -- --in-memory)`,
      );
    }
  }
  if (!hasSpace(folder))
    throw new Fault(`${NO_SPACE}. Make room, or keep nothing (npm start -- --in-memory)`);
}
