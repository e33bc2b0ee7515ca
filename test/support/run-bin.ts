import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a file of bin/ to its end. */
export function runBin(
  file: string,
  options: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const path = join(import.meta.dirname, '../../bin', file);
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [path, ...options], { env }, (error, stdout, stderr) => {
      const failed = typeof error?.code === 'number' ? error.code : -1;
      resolve({ code: error ? failed : 0, stdout, stderr });
    });
  });
}
