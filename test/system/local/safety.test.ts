import { randomUUID } from 'node:crypto';
import { chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LOCAL_TABLE, localDatabase } from '../../../lib/local/environment.ts';
import { dataFolderOf, instanceFolder, LOCAL_FOLDER, readInstance } from '../../../lib/local/instance.ts';
import { makePrivateFolder } from '../../../lib/local/kept-file.ts';
import { commandOf, environmentOf, listenersOf, processTree } from '../../support/process-tree.ts';
import { runBin } from '../../support/run-bin.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';
import { instancePort, isAlive, type Started, start } from '../../support/started.ts';

const port = await instancePort(afterAll);
const folder = instanceFolder(port);
const hasSmallDisk = mountSmallDisk(dataFolderOf(folder), 'size=100m', afterAll);
let twin: Started;
let pids: readonly number[] = [];

/** What functions are told of the servers that are for them alone. */
const SERVERS = [
  'AWS_ENDPOINT_URL_SECRETS_MANAGER',
  'AWS_ENDPOINT_URL_LAMBDA',
  'ANTHROPIC_BASE_URL',
] as const;
function urlOf(server: (typeof SERVERS)[number]): URL {
  const functionProcess = pids.find((pid) => commandOf(pid).includes('function-process')) ?? 0;
  return new URL(environmentOf(functionProcess)[server] ?? '');
}

/** Asks for the model's key as the SDK does; other servers do not know the question, and say so. @returns the status */
function ask(url: URL, path: string, host = url.host): Promise<number | undefined> {
  const headers = { host, 'x-amz-target': 'secretsmanager.GetSecretValue' };
  return new Promise((resolve, reject) => {
    const { hostname, port } = url;
    const asked = request({ hostname, port, method: 'POST', path, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end('{"SecretId": "model-key"}');
  });
}

// It is looked at from outside, by Linux's /proc; the last test ends it.
describe.skipIf(process.platform !== 'linux')('one instance', () => {
  beforeAll(async () => {
    makePrivateFolder(LOCAL_FOLDER);
    chmodSync(LOCAL_FOLDER, 0o755); // as earlier versions made it
    twin = await start(port);
    pids = processTree(twin.child.pid ?? 0);
  });
  afterAll(() => void twin.child.kill('SIGKILL'));

  test('everything listens on this machine alone, but for the database, which has no option for it', () => {
    const listeners = listenersOf(pids);
    const open = listeners.filter(({ address }) => !['127.0.0.1', '::1'].includes(address));
    expect(open.map(({ pid }) => commandOf(pid))).toEqual([expect.stringContaining('DynamoDBLocal.jar')]);
    const known = [port, ...SERVERS.map((server) => Number(urlOf(server).port)), open[0]?.port];
    expect(new Set(listeners.map((each) => each.port))).toEqual(new Set(known));
  });

  test('whoever does not know the database’s access key finds nothing in it, whatever page it is on', async () => {
    const { databaseUrl = '', accessKeyId = null } = readInstance(folder) ?? {};
    const tablesOf = async (key: string | null, region = 'us-east-1') => {
      const client = new DynamoDBClient({ ...localDatabase(databaseUrl, key), region });
      return (await client.send(new ListTablesCommand({}))).TableNames;
    };
    expect(accessKeyId).toMatch(/^[0-9a-f]{32}$/u);
    expect(await tablesOf(accessKeyId)).toEqual([LOCAL_TABLE]);
    expect(await tablesOf('local')).toEqual([]);
    expect(await tablesOf(accessKeyId, 'eu-central-1')).toEqual([]);
    for (const pid of pids) expect(commandOf(pid), 'anybody may list processes').not.toContain(accessKeyId);
    const page = await fetch(databaseUrl, { method: 'POST', headers: { origin: 'https://example.com' } });
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
  });

  test.each(SERVERS)('%s is for who was told its whole URL, by its own name', async (server) => {
    const url = urlOf(server);
    const { pathname } = url;
    expect(await ask(url, `${pathname}/`)).not.toBe(403);
    for (const path of ['/', '/v1/messages', `/${randomUUID()}/`, `${pathname}x/`, `/x${pathname}/`])
      expect(await ask(url, path), path).toBe(403);
    for (const host of ['evil.example', `evil.example:${url.port}`, `localhost:${url.port}`, '127.0.0.1'])
      expect(await ask(url, `${pathname}/`, host), host).toBe(403);
  });

  test('secrets are their owner’s alone', async () => {
    const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
    expect(modeOf(LOCAL_FOLDER)).toBe('700');
    const files = [LOCAL_FOLDER, folder].flatMap((each) =>
      readdirSync(each, { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(each, name)),
    );
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect([file, modeOf(file)]).toEqual([file, '600']);
  });

  test.skipIf(!hasSmallDisk)('refuses what it could not keep, and goes on when there is room', async () => {
    const who = ['--sub', randomUUID(), '--brand', 'b'];
    const { stdout: token } = await runBin('token.ts', who);
    const headers = { authorization: `Bearer ${token.trim()}`, 'content-type': 'application/json' };
    const write = () => fetch(`${twin.url}/v1/conversations`, { method: 'POST', headers, body: '{}' });
    const makeKey = () =>
      runBin('api-key.ts', ['--organization', randomUUID(), '--user', randomUUID()], { PORT: String(port) });
    const filler = join(dataFolderOf(folder), 'filler');
    writeFileSync(filler, Buffer.alloc(50 * 1024 * 1024));
    const refused = await write();
    expect([refused.status, await refused.json()]).toEqual([
      503,
      { error: 'unavailable', message: expect.stringContaining('less than 64 MB free') },
    ]);
    expect(await makeKey()).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The disk .* 64 MB free\n$/u),
    });
    expect((await fetch(`${twin.url}/v1/conversations`, { headers })).status).toBe(200);
    rmSync(filler);
    expect((await write()).status).toBe(201);
    expect((await makeKey()).code).toBe(0);
  });

  test('without its database it says so in a line, and ends', async () => {
    const printed = twin.output().length;
    const java = pids.find((pid) => commandOf(pid).includes('DynamoDBLocal.jar')) ?? 0;
    process.kill(java, 'SIGKILL');
    expect(await twin.exited).toBe(1);
    const [line, ...others] = twin.output().slice(printed).trim().split('\n');
    expect(line).toBe('DynamoDB Local stopped (SIGKILL). Parley ends with it: npm start again');
    expect(others).toEqual([]);
    await expect(fetch(`${twin.url}/health`)).rejects.toThrow('fetch failed');
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]));
  });
});
