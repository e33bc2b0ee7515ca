import { options, required } from '../lib/command/arguments.ts';
import { Fault, run } from '../lib/command/fault.ts';
import { findStack } from '../lib/deployed/stack.ts';
import { trialUsers } from '../lib/deployed/users.ts';
import { SIGNING_KEY_FILE } from '../lib/local/instance.ts';
import { localClaims, openIssuer } from '../lib/local/issuer.ts';

const CLAIMS = '[--brand <id>] [--role coach]… [--company 42]…';
const USAGE = `npm run --silent token -- --sub <uuid> ${CLAIMS} [--expires-in 12h]
       npm run --silent token -- --stack Parley [--user <name>] ${CLAIMS}`;

/** Prints a token: one that the local API accepts, whether it runs yet or not, or one of a deployed stack's own users. */
await run(async () => {
  const given = options(
    {
      stack: { type: 'string' },
      user: { type: 'string' },
      sub: { type: 'string' },
      brand: { type: 'string' },
      role: { type: 'string', multiple: true },
      company: { type: 'string', multiple: true },
      'expires-in': { type: 'string' },
    },
    USAGE,
  );
  const { stack, user, sub, brand, role: roles = [] } = given;
  const companyIds = (given.company ?? []).map(companyId);
  if (stack === undefined) {
    refuse(user, 'user', 'goes with --stack');
    const userId = required(sub, 'sub', USAGE);
    const claims = localClaims({ userId, brandId: brand ?? null, roles, companyIds });
    const issuer = await openIssuer(SIGNING_KEY_FILE);
    const token = await issuer.sign(claims, given['expires-in']).catch((cause: unknown) => {
      throw new Fault(`--expires-in takes a time span like 12h\nUsage: ${USAGE}`, { cause });
    });
    process.stdout.write(`${token}\n`);
  } else {
    refuse(sub, 'sub', 'is what Cognito gives a user: name the user with --user');
    refuse(given['expires-in'], 'expires-in', 'is the user pool’s to say: an hour');
    const users = trialUsers(await findStack(stack));
    const claims = { brandId: brand ?? null, roles, companyIds };
    process.stdout.write(`${await users.token(user ?? 'developer', claims)}\n`);
  }
});

function refuse(value: string | undefined, name: string, why: string): void {
  if (value !== undefined) throw new Fault(`--${name} ${why}\nUsage: ${USAGE}`);
}

function companyId(text: string): number {
  if (!/^\d+$/u.test(text) || !Number.isSafeInteger(Number(text)))
    throw new Fault(`--company takes an integer up to 2^53-1, not ${text}\nUsage: ${USAGE}`);
  return Number(text);
}
