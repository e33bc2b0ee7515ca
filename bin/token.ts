import { options, required } from '../lib/command/arguments.ts';
import { Fault, run } from '../lib/command/fault.ts';
import { SIGNING_KEY_FILE } from '../lib/local/instance.ts';
import { openIssuer } from '../lib/local/issuer.ts';

const USAGE =
  'npm run --silent token -- --sub <uuid> [--brand <id>] [--role coach]… [--company 42]… [--expires-in 12h]';

/** Prints a token that the local API accepts, whether it runs yet or not. */
await run(async () => {
  const given = options(
    {
      sub: { type: 'string' },
      brand: { type: 'string' },
      role: { type: 'string', multiple: true },
      company: { type: 'string', multiple: true },
      'expires-in': { type: 'string' },
    },
    USAGE,
  );
  const claims = {
    sub: required(given.sub, 'sub', USAGE),
    ...(given.brand !== undefined && { brand_id: given.brand }),
    ...(given.role && { roles: given.role }),
    ...(given.company && { company_ids: given.company.map(companyId) }),
  };
  const issuer = await openIssuer(SIGNING_KEY_FILE);
  const token = await issuer.sign(claims, given['expires-in']).catch((cause: unknown) => {
    throw new Fault(`--expires-in takes a time span like 12h\nUsage: ${USAGE}`, { cause });
  });
  process.stdout.write(`${token}\n`);
});

function companyId(text: string): number {
  if (!/^\d+$/u.test(text)) throw new Fault(`--company takes an integer, not ${text}\nUsage: ${USAGE}`);
  return Number(text);
}
