import { STEPS } from './steps.ts';
import type { Target } from './target.ts';
import { newTrial, reasonOf, StepFailed, type Trial } from './trial.ts';

/**
 * Tries a running API from outside: each step says pass or fail, and whatever was made is removed in the end, also
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
    const failures = await tryAll(newTrial(target, { say, signal, made }), signal);
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
