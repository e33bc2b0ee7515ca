import { once } from 'node:events';
import { options, portFromEnvironment } from '../lib/command/arguments.ts';
import { Fault, run } from '../lib/command/fault.ts';
import { stopSignal, unlessStopped } from '../lib/local/stop-signal.ts';
import { startTwin } from '../lib/local/twin.ts';
import { welcome } from '../lib/local/welcome.ts';

const flag = { type: 'boolean', default: false } as const;
const USAGE = 'npm start [-- --in-memory --allow-local-tools]';

/** Runs Parley on this machine until it is stopped, or its database is gone. */
await run(async () => {
  const given = options({ 'in-memory': flag, 'allow-local-tools': flag }, USAGE);
  const stopping = stopSignal();
  const stopped = once(stopping, 'abort').then(() => null);
  const inMemory = given['in-memory'];
  const allowLocalTools = given['allow-local-tools'];
  const starting = startTwin({ port: portFromEnvironment(), inMemory, allowLocalTools });
  const twin = await unlessStopped(starting, stopping);
  let isEnding = false;
  void welcome(twin, { inMemory }).then((text) => isEnding || process.stdout.write(text));
  try {
    const reason = await Promise.race([stopped, twin.ended]);
    if (reason !== null) throw new Fault(`${reason}. Parley ends with it: npm start again`);
  } finally {
    isEnding = true;
    await twin.stop();
  }
});
