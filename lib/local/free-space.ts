import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../command/fault.ts';

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
}
