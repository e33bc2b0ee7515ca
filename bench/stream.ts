import { Fault, run } from '../lib/command/fault.ts';
import { cancelTimes } from './cancel-times.ts';
import { firstDeltas } from './first-deltas.ts';
import { startBench } from './instance.ts';
import { logLags } from './log-lags.ts';
import { report } from './report.ts';

const WARM_UP = 10;

/** What streams cost in time: measured on this machine, through all that is between a client and the model. */
await run(async () => {
  await using started = new AsyncDisposableStack();
  await Promise.race([measure(started), interrupted()]);
});

async function measure(started: AsyncDisposableStack): Promise<void> {
  const bench = await startBench(started);
  await firstDeltas(bench, WARM_UP);
  const deltas = await firstDeltas(bench, 100);
  report('from the model’s first token to the client’s first delta', deltas, { median: 30 });
  report('from a word of the model’s to its place in the log', await logLags(bench, 5), { max: 250 });
  report('from a cancel to the end of the model’s connection', await cancelTimes(bench, 20), { max: 1_000 });
}

/** What was started is stopped also when somebody does not want to wait. */
function interrupted(): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Fault('Interrupted')));
  });
}
