import { SCOPES, type Scope } from '../functions/domain/principal.ts';
import { isUuid } from '../functions/domain/ids.ts';
import { options, portFromEnvironment, required } from '../lib/command/arguments.ts';
import { Fault, run } from '../lib/command/fault.ts';
import { instanceFolder, readInstance } from '../lib/local/instance.ts';
import { createLocalApiKey } from '../lib/local/local-api-key.ts';

const USAGE = 'npm run --silent api-key -- --organization <uuid> --user <uuid> [--scope read|write|admin]…';

/** Makes an API key in the running instance and prints it: the only time that it is seen. */
await run(async () => {
  const given = options(
    {
      organization: { type: 'string' },
      user: { type: 'string' },
      scope: { type: 'string', multiple: true },
    },
    USAGE,
  );
  const holder = {
    organizationId: uuid(given.organization, 'organization'),
    userId: uuid(given.user, 'user'),
    scopes: given.scope?.map(scope) ?? SCOPES,
  };
  const port = portFromEnvironment();
  const instance = readInstance(instanceFolder(port));
  if (!instance) throw new Fault(`Nothing runs on port ${port}: npm start first, or set PORT`);
  process.stdout.write(`${await createLocalApiKey(holder, instance.databaseUrl)}\n`);
});

function uuid(text: string | undefined, name: string): string {
  const value = required(text, name, USAGE);
  if (!isUuid(value)) throw new Fault(`--${name} takes a UUID, not ${value}\nUsage: ${USAGE}`);
  return value.toLowerCase();
}

function scope(text: string): Scope {
  const known = SCOPES.find((each) => each === text);
  if (!known) throw new Fault(`--scope takes ${SCOPES.join(', ')}, not ${text}\nUsage: ${USAGE}`);
  return known;
}
