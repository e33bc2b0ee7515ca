import { createInvokeApi, type Invocation, Throttled } from '../../lib/local/invoke-api.ts';
import { listen } from '../../lib/local/listen.ts';

/** What Lambda does with the next invocation instead of running the function. */
type LambdaFault = 'throttle' | 'crash';

/** Lambda's Invoke API, which runs functions, or does what a test tells it to. Events that nobody waits for it keeps. */
export async function startScriptedLambda(run: Invocation) {
  const faults: LambdaFault[] = [];
  /** What becomes of events that nobody waits for: they wait, are refused, or nothing is said of them for now. */
  const queueing: { state: 'working' | 'refusing' | 'silent' } = { state: 'working' };
  const jobs: unknown[] = [];
  const events: { readonly name: string; readonly payload: unknown }[] = [];
  const invoke: Invocation = (name, payload) => {
    const fault = faults.shift();
    if (fault === 'throttle') throw new Throttled();
    if (fault === 'crash') throw new Error('RequestId: x Error: Runtime exited');
    return run(name, payload);
  };
  const server = createInvokeApi({
    invoke: async (name, job) => {
      jobs.push(job);
      return invoke(name, job);
    },
    queue: async (name, payload) => {
      if (queueing.state === 'refusing') throw new Throttled();
      if (queueing.state === 'silent') return new Promise(() => {});
      events.push({ name, payload });
    },
  });
  const { port, close } = await listen(server, 0);
  return { url: `http://127.0.0.1:${port}`, faults, jobs, events, queueing, close };
}
