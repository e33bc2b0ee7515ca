import { options, portFromEnvironment } from '../lib/command/arguments.ts';
import { Fault, run } from '../lib/command/fault.ts';
import { onAws } from '../lib/deployed/aws.ts';
import { smokeTest } from '../lib/smoke/smoke-test.ts';
import { deployedTarget, localTarget } from '../lib/smoke/target.ts';

const USAGE = `npm run smoke -- --stack Parley [--token <access token>]
       npm run smoke -- --local`;

/** Tries a deployed stack, or the running local instance, and says pass or fail line by line. */
await run(async () => {
  const given = options(
    { stack: { type: 'string' }, token: { type: 'string' }, local: { type: 'boolean', default: false } },
    USAGE,
  );
  const { stack: stackName, token, local } = given;
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  if (local === (stackName !== undefined)) throw new Fault(`Either --stack or --local\nUsage: ${USAGE}`);
  if (local && token !== undefined) throw new Fault(`--token goes with --stack\nUsage: ${USAGE}`);
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => interrupted.abort(new Error('interrupted')));
  const report = { say, signal: interrupted.signal };
  const hasPassed =
    stackName === undefined
      ? await smokeTest((made) => localTarget(portFromEnvironment(), made), report)
      : await onAws(() => smokeTest((made) => deployedTarget({ stackName, token }, made), report));
  if (!hasPassed) process.exitCode = 1;
});
