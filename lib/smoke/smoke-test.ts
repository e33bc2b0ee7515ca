import { endpoints } from '../../functions/endpoints.ts';
import { streamEndpoints } from '../../functions/stream-endpoints.ts';
import { STEPS } from './steps.ts';
import type { Target } from './target.ts';
import { newTrial, reasonOf, StepFailed, type Trial } from './trial.ts';

/**
 * Tries a running API from outside: each step says pass or fail, one line says what was not called, and whatever was made is removed in the end, also
 * when the test is interrupted.
 *
 * @param makeTarget finds the API and makes credentials for it
 * @param say takes the lines of the report
 * @returns whether every step passed
 * @throws Fault when there is nothing to try
 */
export async function smokeTest(
  makeTarget: (made: AsyncDisposableStack) => Promise<Target>,
  { say, signal }: { say: (line: string) => void; signal: AbortSignal },
): Promise<boolean> {
  const made = new AsyncDisposableStack();
  try {
    const target = await makeTarget(made);
    const trial = newTrial(target, { say, signal, made });
    const failures = await tryAll(trial, signal);
    say(`Not called: ${notCalled(trial).join(', ')}`);
    const passed = failures === 0 ? 'All is well' : `${failures} of ${STEPS.length} parts failed`;
    say(`${signal.aborted ? 'Interrupted' : passed} at ${target.url}`);
    return failures === 0 && !signal.aborted;
  } finally {
    await made.disposeAsync();
  }
}

async function tryAll(trial: Trial, signal: AbortSignal): Promise<number> {
  let failures = 0;
  for (const steps of STEPS) {
    if (signal.aborted) break;
    try {
      await steps(trial);
    } catch (error) {
      if (!(error instanceof StepFailed)) trial.say(`FAIL  ${reasonOf(error)}`);
      failures += 1;
    }
  }
  return failures;
}

/** The operations that the test leaves out, or has not come to. */
function notCalled({ called }: Trial): string[] {
  const all = [...endpoints, ...streamEndpoints].map(({ method, path }) => `${method} ${path}`);
  return all.filter((operation) => !called.has(operation));
}
