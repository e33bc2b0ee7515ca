import { options, portFromEnvironment } from '../lib/command/arguments.ts';
import { run } from '../lib/command/fault.ts';
import { startTwin } from '../lib/local/twin.ts';
import { welcome } from '../lib/local/welcome.ts';

const flag = { type: 'boolean', default: false } as const;
const USAGE = 'npm start [-- --in-memory --allow-local-tools]';

/** Runs Parley on this machine until it is stopped. */
await run(async () => {
  const given = options({ 'in-memory': flag, 'allow-local-tools': flag }, USAGE);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const inMemory = given['in-memory'];
  const allowLocalTools = given['allow-local-tools'];
  const twin = await startTwin({ port: portFromEnvironment(), inMemory, allowLocalTools });
  try {
    process.stdout.write(await welcome(twin, { inMemory }));
    await stopped;
  } finally {
    await twin.stop();
  }
});
