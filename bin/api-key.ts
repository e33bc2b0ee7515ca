import { createApiKey } from '../functions/authorizer/create-api-key.ts';
import { isUuid } from '../functions/domain/ids.ts';
import { SCOPES, type Scope } from '../functions/domain/principal.ts';
import { revokeApiKey } from '../functions/store/api-keys.ts';
import { openTable } from '../functions/store/client.ts';
import { signingSecret } from '../functions/tools/signing-secret.ts';
import { options, portFromEnvironment, positiveInteger, required } from '../lib/command/arguments.ts';
import { Fault, run } from '../lib/command/fault.ts';
import { onAws } from '../lib/deployed/aws.ts';
import { readSecret } from '../lib/deployed/secret.ts';
import { findStack } from '../lib/deployed/stack.ts';
import { localTable, onLocalTable } from '../lib/local/local-table.ts';
import { localToolSecret } from '../lib/local/tool-secret.ts';

const USAGE = `npm run --silent api-key -- [--stack Parley] --organization <uuid> --user <uuid> [--scope read|write|admin]… [--expires-in-days 90]
       npm run --silent api-key -- [--stack Parley] --revoke <id>   (the 16 characters after parley_)
       npm run --silent api-key -- [--stack Parley] --tool-secret --organization <uuid>   (what its tools check signatures with)`;

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Makes an API key, here or in a deployed stack, and prints it: the only time that it is seen. Or revokes one, or prints
 * the secret with which an organization's tools check that they are called by Parley.
 */
await run(async () => {
  const given = options(
    {
      stack: { type: 'string' },
      organization: { type: 'string' },
      user: { type: 'string' },
      scope: { type: 'string', multiple: true },
      'expires-in-days': { type: 'string' },
      revoke: { type: 'string' },
      'tool-secret': { type: 'boolean' },
    },
    USAGE,
  );
  const { revoke, stack, 'tool-secret': isToolSecret, ...holder } = given;
  if (isToolSecret) {
    const { organization, ...others } = holder;
    if (revoke !== undefined || Object.keys(others).length > 0)
      throw new Fault(`--tool-secret takes no other option but --organization and --stack\nUsage: ${USAGE}`);
    process.stdout.write(`${await toolSecret(uuid(organization, 'organization'), stack)}\n`);
    return;
  }
  if (revoke !== undefined && Object.keys(holder).length > 0)
    throw new Fault(`--revoke takes no other option but --stack\nUsage: ${USAGE}`);
  const work = revoke === undefined ? creation(holder) : revocation(revoke);
  if (stack === undefined) {
    const table = localTable(portFromEnvironment());
    process.stdout.write(`${await onLocalTable(() => work(table))}\n`);
  } else {
    const table = openTable((await findStack(stack)).output('TableName'));
    process.stdout.write(`${await onAws(() => work(table))}\n`);
  }
});

/** An organization's signing secret; that of local instances also while none runs. */
async function toolSecret(organizationId: string, stack: string | undefined): Promise<string> {
  const deploymentsSecret =
    stack === undefined
      ? await localToolSecret()
      : await readSecret((await findStack(stack)).output('ToolSigningSecret'));
  return signingSecret(deploymentsSecret, organizationId);
}

type Work = (table: ReturnType<typeof openTable>) => Promise<string>;

function creation(given: {
  organization?: string;
  user?: string;
  scope?: string[];
  'expires-in-days'?: string;
}): Work {
  const days = given['expires-in-days'];
  const seconds = days === undefined ? null : positiveInteger(days, 'expires-in-days', USAGE) * DAY_SECONDS;
  const holder = {
    organizationId: uuid(given.organization, 'organization'),
    userId: uuid(given.user, 'user'),
    scopes: given.scope?.map(scope) ?? SCOPES,
    expiresAt: seconds === null ? null : Math.floor(Date.now() / 1_000) + seconds,
  };
  return async (table) => (await createApiKey(holder, table)).key;
}

function revocation(id: string): Work {
  return async (table) => {
    if (!(await revokeApiKey(id, table))) throw new Fault(`There is no API key ${id}`);
    return `${id} is revoked; API Gateway may take it for another minute`;
  };
}

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
