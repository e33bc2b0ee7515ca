import { randomInt, randomUUID } from 'node:crypto';
import { createApiKey } from '../../functions/authorizer/create-api-key.ts';
import { SCOPES, type User } from '../../functions/domain/principal.ts';
import { bearerToken } from '../../functions/http/bearer-token.ts';
import { type ClaimNames, claimNames, userOf } from '../../functions/http/claims.ts';
import { openTable, type Table } from '../../functions/store/client.ts';
import { deletePartition } from '../../functions/store/delete-partition.ts';
import * as keys from '../../functions/store/keys.ts';
import { Fault } from '../command/fault.ts';
import { findStack } from '../deployed/stack.ts';
import { trialUsers } from '../deployed/users.ts';
import { SIGNING_KEY_FILE } from '../local/instance.ts';
import { localClaims, openIssuer } from '../local/issuer.ts';
import { localTable, onLocalTable } from '../local/local-table.ts';

/** An API to try, with credentials that were made for it. */
export interface Target {
  readonly url: string;
  /** The URLs of the functions that stream, each with a slash at its end; null where nothing streams. */
  readonly streams: { readonly streamUrl: string; readonly followUrl: string } | null;
  /** An access token, and who it says the caller is. */
  readonly token: string;
  readonly user: User;
  readonly apiKey: string;
  readonly organizationId: string;
  readonly table: Table;
  /** Whether the token's brand and companies were made up, and nobody else has them. */
  readonly isThrowAway: boolean;
}

/** The instance of `npm start` on this port. @throws Fault when none runs there */
export async function localTarget(port: number, made: AsyncDisposableStack): Promise<Target> {
  const table = localTable(port);
  const issuer = await openIssuer(SIGNING_KEY_FILE);
  const token = await issuer.sign(localClaims({ userId: randomUUID(), ...newClaims() }));
  const user = userIn(token, claimNames());
  const url = `http://localhost:${port}`;
  const key = await onLocalTable(() => newKey(table, made));
  const streams = (await hasStreams(url)) ? { streamUrl: `${url}/`, followUrl: `${url}/` } : null;
  return { url, streams, token, user, ...key, table, isThrowAway: true };
}

/** `sam local` does not emulate function URLs: a path that streams is unknown there, and answers 403. */
async function hasStreams(url: string): Promise<boolean> {
  const { status } = await fetch(`${url}/v1/conversations/${randomUUID()}/messages/stream`, {
    method: 'POST',
  });
  return status !== 403;
}

/**
 * A deployed stack, tried as a user made for it, or as the bearer of a token: a stack that trusts another issuer has
 * no users of its own.
 *
 * @param made collects what removes again all that was made
 * @throws Fault when there is no such stack, or it needs a token
 */
export async function deployedTarget(
  { stackName, token: given }: { stackName: string; token: string | undefined },
  made: AsyncDisposableStack,
): Promise<Target> {
  const stack = await findStack(stackName);
  const table = openTable(stack.output('TableName'));
  const url = stack.output('Url');
  const streams = { streamUrl: stack.output('StreamUrl'), followUrl: stack.output('FollowUrl') };
  const token = given ?? (await trialToken());
  // What the deployment understands, which this machine's environment knows nothing of.
  const user = userIn(token, JSON.parse(stack.output('ClaimNames')) as ClaimNames);
  return {
    url,
    streams,
    token,
    user,
    ...(await newKey(table, made)),
    table,
    isThrowAway: given === undefined,
  };

  async function trialToken(): Promise<string> {
    const users = trialUsers(stack);
    const name = `smoke-${randomUUID()}`;
    made.defer(() => users.remove(name));
    return users.token(name, newClaims());
  }
}

/** Should a smoke test be killed before it could clean up, its key is soon worth nothing. */
const KEY_SECONDS = 60 * 60;

/** A brand and a company that nobody else has, for an administrator, who may do everything. */
function newClaims() {
  return { brandId: `smoke-${randomUUID()}`, roles: ['admin'], companyIds: [randomInt(2 ** 47)] };
}

/** What the API will make of a token. It is verified there. */
function userIn(token: string, names: ClaimNames): User {
  try {
    return userOf(bearerToken(`Bearer ${token}`).claims, names);
  } catch (cause) {
    throw new Fault('--token takes an access token', { cause });
  }
}

async function newKey(table: Table, made: AsyncDisposableStack) {
  const organizationId = randomUUID();
  const holder = {
    organizationId,
    userId: randomUUID(),
    scopes: SCOPES,
    expiresAt: Math.floor(Date.now() / 1_000) + KEY_SECONDS,
  };
  const { id, key } = await createApiKey(holder, table);
  made.defer(() => deletePartition(keys.apiKey(id).pk, table));
  return { organizationId, apiKey: key };
}
