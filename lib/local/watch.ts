import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that is to end with this one, and a word on its command line by which it is known again. */
export type Watched = readonly [pid: number, word: string];

/** What ends this process's children when it is killed. */
export interface Watcher {
  readonly watch: (...process: Watched) => void;
  /** Ends it, and what is still there of what it watches. */
  readonly stop: () => Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('watcher.ts', import.meta.url));

/**
 * Starts a small process that ends what it is told of as soon as this one is gone, however it went: `kill -9` reaches
 * no child, and a frozen function does not see that its parent is gone. It has a session of its own, so that neither
 * Ctrl-C nor Ctrl-Z in the terminal reaches it.
 */
export function startWatcher(): Watcher {
  const { ANTHROPIC_API_KEY: _secret, ...env } = process.env;
  const child = spawn(process.execPath, [PROGRAM], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = once(child, 'exit').catch(() => {}); // it could not be started: the next start cleans up
  child.stdin.on('error', () => {}); // it was killed: the same
  child.unref(); // it is no reason to stay
  return {
    watch: (...watched) => void child.stdin.write(`${JSON.stringify(watched)}\n`),
    stop: async () => {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
