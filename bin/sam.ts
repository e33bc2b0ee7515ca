import { options, portFromEnvironment } from '../lib/command/arguments.ts';
import { run } from '../lib/command/fault.ts';
import { runSam } from '../lib/local/sam.ts';

/** Runs the synthesized stack in `sam local start-api`, until it is stopped. */
await run(async () => {
  options({}, 'npm run sam');
  process.exitCode = await runSam(portFromEnvironment());
});
