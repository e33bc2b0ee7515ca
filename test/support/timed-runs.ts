import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { RunningCodeInNewContextOptions } from 'node:vm';
import { onTestFinished } from 'vitest';

interface Vm {
  runInNewContext: (code: string, context: object, options: RunningCodeInNewContextOptions) => unknown;
}
const vm = createRequire(import.meta.url)('node:vm') as Vm;

/**
 * The limits, in milliseconds, of all that is run with one from now on, in this process and its bundles, until the test
 * ends: what checks of strangers' schemas cost is counted, not timed. All of it runs as it would.
 */
export function countTimedRuns(): readonly (number | undefined)[] {
  const limits: (number | undefined)[] = [];
  const { runInNewContext } = vm;
  const replace = (run: Vm['runInNewContext']) => {
    vm.runInNewContext = run;
    syncBuiltinESMExports();
  };
  replace((code, context, options) => {
    limits.push(options.timeout);
    return runInNewContext(code, context, options);
  });
  onTestFinished(() => replace(runInNewContext));
  return limits;
}
