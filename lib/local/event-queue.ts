import { setTimeout as wait } from 'node:timers/promises';
import type { Invocation } from './invoke-api.ts';

/** Lambda waits a minute; developers do not. */
const RETRY_AFTER_MS = 1_000;

/**
 * Lambda's queue for events that nobody waits for, as the stack configures it: a function that fails is run once more.
 * What fails again would be in the dead-letter queue; here it is told of on standard error.
 */
export function eventQueue(invoke: Invocation): (name: string, payload: unknown) => Promise<void> {
  const run = async (name: string, payload: unknown) => {
    try {
      await invoke(name, payload);
    } catch {
      await wait(RETRY_AFTER_MS, undefined, { ref: false });
      await invoke(name, payload);
    }
  };
  return async (name, payload) => {
    void run(name, payload).catch((error: unknown) => {
      process.stderr.write(
        `${name} failed twice: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    });
  };
}
