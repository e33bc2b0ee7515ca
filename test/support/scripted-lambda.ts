import { createInvokeApi, Throttled } from '../../lib/local/invoke-api.ts';
import { listen } from '../../lib/local/listen.ts';

/** What Lambda does with the next invocation instead of running the function. */
export type LambdaFault = 'throttle' | 'crash';

/** Lambda's Invoke API, which runs the worker, or does what a test tells it to. */
export async function startScriptedLambda(run: (job: unknown) => Promise<unknown>) {
  const faults: LambdaFault[] = [];
  const jobs: unknown[] = [];
  const server = createInvokeApi(async (_name, job) => {
    jobs.push(job);
    const fault = faults.shift();
    if (fault === 'throttle') throw new Throttled();
    if (fault === 'crash') throw new Error('RequestId: x Error: Runtime exited');
    return run(job);
  });
  const { port, close } = await listen(server, 0);
  return { url: `http://127.0.0.1:${port}`, faults, jobs, close };
}
