import { randomBytes } from 'node:crypto';
import { TOOL_SECRET_FILE } from './instance.ts';
import { keptFile } from './kept-file.ts';

/** The secret from which keys for signing calls of tools are made on this machine: the same on every port. */
export function localToolSecret(): Promise<string> {
  return keptFile(TOOL_SECRET_FILE, () => randomBytes(32).toString('hex'));
}
