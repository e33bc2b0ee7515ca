import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bearerToken } from '../../../functions/http/bearer-token.ts';
import { signingSecretOf } from '../../../functions/tools/signing-secret.ts';
import { LOCAL_TOOL_SECRET } from '../../../lib/local/secret-store.ts';
import { startApi } from '../../support/api.ts';
import { runBin } from '../../support/run-bin.ts';
import { type PoolUser, startScriptedAws } from '../../support/scripted-aws.ts';
import { fails } from '../../support/scripted-model.ts';
import { countItems } from '../../support/table.ts';
import { callContext } from '../../support/tool-secret.ts';

/** A deployed stack, but for AWS: the built bundles, behind scripted CloudFormation and Cognito. */
const NAMES = { brand: 'https://example.com/brand', roles: 'roles', companies: 'companies' };
Object.assign(process.env, { JWT_BRAND_CLAIM: NAMES.brand, JWT_COMPANIES_CLAIM: NAMES.companies });
const api = await startApi();
const ClaimNames = JSON.stringify(NAMES);
const urls = { Url: api.url, StreamUrl: `${api.url}/`, FollowUrl: `${api.url}/` };
const { environment: nowhere, ...aws } = await startScriptedAws({
  stackName: 'Parley',
  outputs: {
    ...urls,
    TableName: api.table.name,
    ToolSigningSecret: LOCAL_TOOL_SECRET,
    ClaimNames,
    UserPoolId: 'pool',
    UserPoolClientId: 'client',
  },
  signIn,
});
const trusting = await startScriptedAws({
  stackName: 'Trusting',
  outputs: { ...urls, TableName: api.table.name, ClaimNames, ToolSigningSecret: 'gone' },
  signIn: () => Promise.reject(new Error('It has no users')),
});
const databaseUrl = process.env.AWS_ENDPOINT_URL_DYNAMODB; // where this test's functions have theirs
const environment = { ...nowhere, AWS_ENDPOINT_URL_DYNAMODB: databaseUrl };
afterAll(() => Promise.all([aws.close(), trusting.close()]));

/** The deployment has claim names of its own, of which the person's machine knows nothing. */
const machine = { ...environment, JWT_BRAND_CLAIM: undefined, JWT_COMPANIES_CLAIM: undefined };
const run = (file: string, ...options: string[]) => runBin(file, options, machine);
const onParley = (file: string, ...options: string[]) => run(file, '--stack', 'Parley', ...options);

/** Cognito: the pool's trigger, as it is bundled, says what the token holds. */
async function signIn({ sub, attributes, groups }: PoolUser): Promise<string> {
  const event = {
    request: {
      userAttributes: { sub, ...Object.fromEntries(attributes) },
      groupConfiguration: { groupsToOverride: [...groups] },
    },
  };
  const { response } = (await api.handler('add-claims')(event)) as {
    response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: object } } };
  };
  const claims = response.claimsAndScopeOverrideDetails.accessTokenGeneration.claimsToAddOrOverride;
  return api.issuer.sign({ sub, token_use: 'access', ...claims });
}

describe('npm run token -- --stack', () => {
  const claimsOf = (token: string) => bearerToken(`Bearer ${token.trim()}`).claims;

  test('prints a token with brand, roles and companies, which the API accepts', async () => {
    const { code, stdout, stderr } = await onParley(
      'token.ts',
      '--brand',
      'acme',
      '--role',
      'coach',
      '--company',
      '42',
      '--company',
      '7',
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(claimsOf(stdout)).toMatchObject({
      [NAMES.brand]: 'acme',
      roles: ['coach'],
      companies: [42, 7],
    });
    const headers = { authorization: `Bearer ${stdout.trim()}` };
    expect((await api.send({ path: '/v1/conversations', headers, body: {} })).status).toBe(201);
  });

  test('keeps to the user of a name, and to what is said this time', async () => {
    const first = claimsOf(
      (await onParley('token.ts', '--user', 'ada', '--brand', 'acme', '--role', 'admin')).stdout,
    );
    const second = claimsOf((await onParley('token.ts', '--user', 'ada', '--role', 'coach')).stdout);
    expect(second.sub).toBe(first.sub);
    expect([second[NAMES.brand], second.roles]).toEqual([undefined, ['coach']]);
    const other = claimsOf((await onParley('token.ts', '--user', 'grace')).stdout);
    expect(other.sub).not.toBe(first.sub);
  });

  test('touches no user that it has not made', async () => {
    const ada: PoolUser = { sub: randomUUID(), attributes: new Map(), groups: new Set(), password: 'hers' };
    aws.users.set('ada', ada);
    await onParley('token.ts', '--user', 'ada', '--brand', 'acme');
    expect([ada.password, ada.attributes.size]).toEqual(['hers', 0]);
    aws.users.delete('ada');
  });

  test('says what Cognito says to a role that it does not know', async () => {
    const { code, stderr } = await onParley('token.ts', '--role', 'emperor');
    expect([code, stderr]).toEqual([1, 'AWS: ResourceNotFoundException (ResourceNotFoundException)\n']);
  });
});

describe('npm run api-key -- --stack', () => {
  const agents = (key: string) =>
    api.send({ method: 'GET', path: '/api/v1/agents', headers: { 'x-api-key': key } });
  const make = (...options: string[]) =>
    onParley('api-key.ts', '--organization', randomUUID(), '--user', randomUUID(), ...options);

  test('prints a key that the API accepts, until it is revoked', async () => {
    const { code, stdout } = await make('--scope', 'read');
    const key = stdout.trim();
    expect([code, (await agents(key)).status]).toEqual([0, 200]);
    const id = key.split('_')[1] ?? '';
    const revoked = await onParley('api-key.ts', '--revoke', id);
    expect([revoked.code, revoked.stdout]).toEqual([
      0,
      `${id} is revoked; API Gateway may take it for another minute\n`,
    ]);
    expect((await agents(key)).status).toBe(403);
  });

  test('makes keys that expire', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const { database } = api;
    let expiresAt: unknown;
    const undo = database.intercept(({ operation, input }) => {
      if (operation === 'PutItem') ({ expiresAt } = (input.Item ?? {}) as { expiresAt?: unknown });
      return undefined;
    });
    await make('--expires-in-days', '90');
    undo();
    const seconds = Number((expiresAt as { N: string }).N) - now;
    expect(Math.abs(seconds - 90 * 24 * 60 * 60)).toBeLessThan(60);
  });

  test('prints the secret of an organization’s tools, another one for each, and always the same', async () => {
    const secretOf = async (organization: string) => {
      const { code, stdout, stderr } = await onParley(
        ...(['api-key.ts', '--tool-secret', '--organization', organization] as const),
      );
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/u);
      return stdout.trim();
    };
    const organization = randomUUID();
    const secret = await secretOf(organization);
    expect(await secretOf(organization.toUpperCase())).toBe(secret);
    expect(await secretOf(randomUUID())).not.toBe(secret);
    expect(secret).toBe(await signingSecretOf(organization, callContext));
  });

  test('says when the secret of its tools is not there', async () => {
    const options = ['--stack', 'Trusting', '--tool-secret', '--organization', randomUUID()];
    const { code, stderr } = await runBin('api-key.ts', options, { ...machine, ...trusting.environment });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^AWS: .* \(ResourceNotFoundException\)\n$/u)]);
  });

  test('refuses to make a key and show a secret at once', async () => {
    const { code, stderr } = await make('--tool-secret');
    expect([code, stderr.split('\n')[0]]).toEqual([
      1,
      '--tool-secret takes no other option but --organization and --stack',
    ]);
  });

  test('refuses to make and revoke at once', async () => {
    const { code, stderr } = await make('--revoke', '0'.repeat(16));
    expect([code, stderr.split('\n')[0]]).toEqual([1, '--revoke takes no other option but --stack']);
  });

  test('says when there is no key to revoke', async () => {
    const { code, stderr } = await onParley('api-key.ts', '--revoke', '0'.repeat(16));
    expect([code, stderr]).toEqual([1, `There is no API key ${'0'.repeat(16)}\n`]);
  });
});

describe('npm run smoke -- --stack', () => {
  test('passes line by line, as a user of its own, and leaves nothing behind', async () => {
    const before = [await countItems(api.table), aws.users.size];
    const { code, stdout, stderr } = await onParley('smoke.ts');
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.at(-1)).toBe(`All is well at ${api.url}`);
    const passed = lines.filter((line) => line.startsWith('pass  ')).join('\n');
    const called = [
      'POST /v1/ask/threads',
      'POST /v1/conversations/{id}/messages',
      'POST /v1/conversations/{id}/messages/stream',
      'GET /v1/conversations/{id}/turns/{turn_id}/stream',
      'POST /v1/conversations/{id}/turns/{turn_id}/cancel',
      'POST /api/v1/chat/threads',
      'POST /api/v1/chat/{agent_id}/threads',
    ];
    for (const step of [...called, 'chat-completion', 'no token for a stream: 401'])
      expect(passed).toContain(step);
    const notCalled = lines.filter((line) => line.startsWith('Not called: '));
    expect(notCalled).toHaveLength(1);
    const operations = notCalled[0]?.slice('Not called: '.length).split(', ') ?? [];
    expect(operations).toEqual(expect.arrayContaining(['GET /v1/ask/threads', 'GET /docs']));
    expect(operations.filter((operation) => called.includes(operation))).toEqual([]);
    expect([await countItems(api.table), aws.users.size]).toEqual(before);
  });

  test('fails where the API does, says why, tries the rest, and leaves nothing behind', async () => {
    const before = [await countItems(api.table), aws.users.size];
    api.model.script.push(fails(400));
    const { code, stdout } = await onParley('smoke.ts');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^FAIL {2}the same with an answer \(chat-completion\): 500 instead of 200: .*\(request .+\)$/mu,
    );
    expect(stdout).toMatch(/^pass {2}POST \/api\/v1\/chat\/\{agent_id\}\/threads/mu);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`1 of 6 parts failed at ${api.url}`);
    expect([await countItems(api.table), aws.users.size]).toEqual(before);
  });

  /** What answers have used was billed to a brand that goes on. */
  const USAGE = /^USAGE#/u;

  test('takes a token where the stack has no users of its own, and then removes only what it made', async () => {
    const claims = { sub: randomUUID(), [NAMES.brand]: 'theirs', companies: [4711], brand_id: 'no brand' };
    const { authorization } = await api.bearer(claims);
    const headers = { authorization };
    const own = await api.send({ path: '/v1/conversations', headers, body: {} });
    const theirs = await api.send({
      path: '/api/v1/chat/threads?company_id=4711',
      headers,
      body: { assistant_type: 'general' },
    });
    const before = await countItems(api.table, USAGE);
    const options = [
      'smoke.ts',
      ['--stack', 'Trusting', '--token', authorization.slice('Bearer '.length)],
    ] as const;
    const { code, stdout } = await runBin(...options, { ...machine, ...trusting.environment });
    expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([0, `All is well at ${api.url}`]);
    expect(await countItems(api.table, USAGE)).toBe(before);
    const list = await api.send({ method: 'GET', path: '/v1/conversations', headers });
    expect([list.body.total, list.body.conversations[0]?.id]).toEqual([1, own.body.id]);
    const again = await api.send({
      path: '/api/v1/chat/threads?company_id=4711',
      headers,
      body: { assistant_type: 'general' },
    });
    expect(again.body.assistant).toEqual(theirs.body.assistant);
  });

  test('with a token leaves not even a count where there was none', async () => {
    const { authorization } = await api.bearer({
      sub: randomUUID(),
      [NAMES.brand]: 'theirs',
      companies: [4711],
    });
    const before = await countItems(api.table, USAGE);
    const options = ['--stack', 'Trusting', '--token', authorization.slice('Bearer '.length)];
    const { code } = await runBin('smoke.ts', options, { ...machine, ...trusting.environment });
    expect([code, await countItems(api.table, USAGE)]).toEqual([0, before]);
  });

  test('with a token that names nothing says so where it matters, and tries the rest', async () => {
    const { authorization } = await api.bearer({ sub: randomUUID() });
    const before = await countItems(api.table);
    const options = ['--stack', 'Trusting', '--token', authorization.slice('Bearer '.length)];
    const { code, stdout, stderr } = await runBin('smoke.ts', options, {
      ...machine,
      ...trusting.environment,
    });
    expect([code, stderr]).toEqual([1, '']);
    expect(stdout.match(/^FAIL .*$/gmu)).toEqual([
      'FAIL  The token names no brand',
      'FAIL  The token names no brand',
      'FAIL  The token names no brand',
      'FAIL  POST /api/v1/chat/threads: The token names no company',
    ]);
    expect(stdout).toMatch(/^pass {2}POST \/api\/v1\/chat\/\{agent_id\}\/threads/mu);
    expect(await countItems(api.table)).toBe(before);
  });

  /** Who makes an answer may write one more entry before it finds the thread gone; a day later that is gone, too. */
  const LOGS = /#TURN#/u;

  test('interrupted in the middle says so and leaves nothing behind', async () => {
    const before = [await countItems(api.table, LOGS), aws.users.size];
    const file = join(import.meta.dirname, '../../../bin/smoke.ts');
    const child = spawn(process.execPath, [file, '--stack', 'Parley'], {
      env: { ...process.env, ...machine },
    });
    api.model.script.push(() => child.kill('SIGINT')); // and never an answer
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1);
    expect(said.trimEnd().split('\n').at(-1)).toBe(`Interrupted at ${api.url}`);
    expect([await countItems(api.table, LOGS), aws.users.size]).toEqual(before);
  });

  test('says that it needs a token there', async () => {
    const { code, stderr } = await runBin('smoke.ts', ['--stack', 'Trusting'], {
      ...machine,
      ...trusting.environment,
    });
    expect([code, stderr]).toEqual([
      1,
      'The stack Trusting trusts another issuer: take a token from there\n',
    ]);
  });
});

describe('what is missing is said in one line:', () => {
  test.each(['token.ts', 'smoke.ts'])('a stack, by %s', async (file) => {
    const { code, stderr } = await run(file, '--stack', 'Other');
    expect([code, stderr]).toEqual([
      1,
      'There is no stack Other in us-east-1: npx cdk deploy, or set AWS_REGION to where it is\n',
    ]);
  });

  test('a region, and credentials', async () => {
    const none = {
      AWS_REGION: undefined,
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      HOME: '/nonexistent',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const noRegion = await runBin('token.ts', ['--stack', 'Parley'], { ...environment, ...none });
    expect([noRegion.code, noRegion.stderr]).toEqual([
      1,
      'There is no such AWS region, or none at all: set AWS_REGION\n',
    ]);
    const noKeys = await runBin('token.ts', ['--stack', 'Parley'], {
      ...environment,
      ...none,
      AWS_REGION: 'us-east-1',
    });
    expect([noKeys.code, noKeys.stderr]).toEqual([
      1,
      'There are no AWS credentials: set AWS_PROFILE, or run aws configure\n',
    ]);
  });

  test('a token, where it is none', async () => {
    const { code, stderr } = await onParley('smoke.ts', '--token', 'abc');
    expect([code, stderr]).toEqual([1, '--token takes an access token\n']);
  });
});
