import { runInNewContext } from 'node:vm';

/**
 * Runs synchronous work that data of strangers can make endless. V8 ends it, a regular expression in the middle of its
 * backtracking too, which nothing else on the same thread could.
 *
 * @throws Error ERR_SCRIPT_EXECUTION_TIMEOUT when the time is over, and what the work throws
 */
export function runWithTimeout<T>(limitMs: number, work: () => T): T {
  return runInNewContext('work()', { work }, { timeout: limitMs }) as T; // what work returns
}
