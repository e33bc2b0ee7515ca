import { STEPS } from './steps.ts';
import type { Target } from './target.ts';
import { newTrial, StepFailed, type Trial } from './trial.ts';

/**
 * Tries a running API from outside: each step says pass or fail, and whatever was made is removed in the end.
 *
 * @param makeTarget finds the API and makes credentials for it
 * @param say takes the lines of the report
 * @returns whether every step passed
 * @throws Fault when there is nothing to try
 */
export async function smokeTest(
  makeTarget: (made: AsyncDisposableStack) => Promise<Target>,
  say: (line: string) => void,
): Promise<boolean> {
  const made = new AsyncDisposableStack();
  try {
    const target = await makeTarget(made);
    const failures = await tryAll(newTrial(target, say, made));
    const verdict = failures === 0 ? 'All is well' : `${failures} of ${STEPS.length} parts failed`;
    say(`${verdict} at ${target.url}`);
    return failures === 0;
  } finally {
    await made.disposeAsync();
  }
}

async function tryAll(trial: Trial): Promise<number> {
  let failures = 0;
  for (const steps of STEPS) {
    try {
      await steps(trial);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      failures += 1;
    }
  }
  return failures;
}
