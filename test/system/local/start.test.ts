import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openTable } from '../../../functions/store/client.ts';
import { LOCAL_TOOLS_VARIABLE } from '../../../functions/tools/url.ts';
import { databaseFile, databaseKey } from '../../../lib/local/database-key.ts';
import { LOCAL_TABLE, localDatabase } from '../../../lib/local/environment.ts';
import {
  dataFolderOf,
  instanceFolder,
  LOCAL_FOLDER,
  readInstance,
  recordInstance,
} from '../../../lib/local/instance.ts';
import { runBin } from '../../support/run-bin.ts';
import {
  endedSoon,
  instancePort,
  isAlive,
  killGroup,
  launch,
  type Started,
  start,
  startByNpm,
  stateOf,
} from '../../support/started.ts';
import { countItems } from '../../support/table.ts';

const newPort = () => instancePort(onTestFinished);
/** The local issuer goes by configured names, too. */
const CLAIM = { JWT_BRAND_CLAIM: 'https://example.com/brand' };
async function startOn(port: number, ...options: string[]): Promise<Started> {
  const started = await start(port, options, {
    CORS_ORIGINS: 'https://app.example.com',
    [LOCAL_TOOLS_VARIABLE]: 'true', // counts for nothing: there is an option
    ...CLAIM,
  });
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}

const curlsIn = (text: string) => text.split('\n').filter((line) => line.startsWith('curl '));
function runCurl(line: string): { status: number; body: Record<string, unknown> } {
  const text = execFileSync('bash', ['-c', `${line} -w '\\n%{http_code}'`], { encoding: 'utf8' });
  const [body = '', status] = text.split(/\n(?=\d{3}$)/u);
  return { status: Number(status), body: JSON.parse(body) as Record<string, unknown> };
}
const post = (url: string, headers: Record<string, string>, body: unknown) =>
  fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/**
 * What clients do to a server that wants to end: half a request, a connection that is kept, and a stream that lasts for
 * minutes. @returns what resolves when each of them is over
 */
async function holdConnections({ url, output }: Started): Promise<Promise<unknown>[]> {
  const port = Number(new URL(url).port);
  const kept = connect(port).on('error', () => {});
  const half = connect(port).on('error', () => {});
  const get = 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n';
  kept.write(get);
  half.write('POST /v1/conversations HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{');
  await new Promise((resolve) => kept.once('data', resolve));
  const key = /^API key: (?<key>.*)$/mu.exec(output())?.groups?.key ?? '';
  const threads =
    /'http:\S+(?<path>\/api\/v1\/chat\/[0-9a-f-]{36}\/threads)'/u.exec(output())?.groups?.path ?? '';
  const thread = await post(url + threads, { 'x-api-key': key }, {});
  const { id } = (await thread.json()) as { id: string };
  const stream = await fetch(`${url}${threads}/${id}/stream`, { headers: { 'x-api-key': key } });
  expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const closed = [kept, half].map(
    (socket) => new Promise((resolve) => socket.resume().once('close', resolve)),
  );
  return [...closed, stream.text().catch(() => 'cut')];
}

/** An agent with a tool on this machine, by the API key that is printed. */
function makeAgentWithLocalTool({ url, output }: Started): Promise<Response> {
  const key = /^API key: (?<key>.*)$/mu.exec(output())?.groups?.key ?? '';
  const tool = {
    name: 'local',
    description: '',
    input_schema: { type: 'object' },
    url: 'http://localhost:3000/local',
  };
  const agent = { name: 'Helper', configuration: { tools: [tool] }, template_id: randomUUID() };
  return post(`${url}/api/v1/agents`, { 'x-api-key': key }, agent);
}

/** Makes threads, ten at a time, kills everything as soon as one has been answered, and tells which have been. */
async function answeredBeforeKill(api: Started, headers: Record<string, string>): Promise<{ id: string }[]> {
  const answered: Promise<{ id: string }>[] = [];
  const pids = api.pids();
  const makeThread = async () => {
    const response = await post(`${api.url}/v1/ask/threads`, headers, {
      member_name: 'Ada',
      body: 'Still there?',
    });
    if (response.status === 201) answered.push(response.json() as Promise<{ id: string }>);
    for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL');
  };
  await Promise.allSettled(Array.from({ length: 10 }, makeThread));
  await api.exited;
  const threads = await Promise.allSettled(answered);
  const whole = threads.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  expect(whole.length).toBeGreaterThan(0);
  return whole;
}

test('serves what it prints, makes tokens and keys, survives kill -9, and ends clean', async () => {
  const port = await newPort();
  const first = await startOn(port);
  const health = await fetch(`${first.url}/health`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);

  expect(first.output()).toContain(`Data in ${LOCAL_FOLDER};`);
  const answers = curlsIn(first.output()).map(runCurl);
  expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200]);
  expect(JSON.stringify(answers[1]?.body.assistant_message)).toContain('stand-in');

  const taken = await runBin('start.ts', [], { PORT: String(port) });
  expect([taken.code, taken.stderr]).toEqual([1, `Port ${port} is taken: set PORT to another one\n`]);

  const key = await runBin('api-key.ts', ['--organization', randomUUID(), '--user', randomUUID()], {
    PORT: String(port),
  });
  expect(key.stdout).toMatch(/^parley_[0-9a-f]{16}_[0-9a-f]{70}\n$/u);
  const showSecret = ['--tool-secret', '--organization', randomUUID()];
  const secret = await runBin('api-key.ts', showSecret, { PORT: String(port) });
  expect(secret.stdout).toMatch(/^whsec_[A-Za-z0-9+/]{43}=\n$/u);
  const agents = await fetch(`${first.url}/api/v1/agents`, { headers: { 'x-api-key': key.stdout.trim() } });
  expect([agents.status, await agents.json()]).toEqual([200, []]);

  const who = ['--sub', randomUUID(), '--brand', 'b', '--company', '1', '--role', 'admin'];
  const token = await runBin('token.ts', who, CLAIM);
  const headers = { authorization: `Bearer ${token.stdout.trim()}` };
  const data = dataFolderOf(instanceFolder(port));
  const file = databaseFile(await databaseKey());
  const journal = join(data, `${file}-journal`);
  for (let count = 0; count < 10; count += 1) {
    const { status } = await post(`${first.url}/v1/conversations`, headers, {});
    expect([status, existsSync(journal)], 'what is answered is committed').toEqual([201, false]);
  }
  const threads = await answeredBeforeKill(first, headers);
  // Data as earlier versions kept them, for every access key, are data still.
  for (const name of readdirSync(data))
    renameSync(join(data, name), join(data, name.replace(file, 'shared-local-instance.db')));
  const second = await startOn(port);
  for (const thread of threads) {
    const found = await fetch(`${second.url}/v1/ask/threads/${thread.id}`, { headers });
    expect([found.status, await found.json()]).toEqual([200, thread]);
  }
  const { databaseUrl = '', accessKeyId } = readInstance(instanceFolder(port)) ?? {};
  const table = openTable(LOCAL_TABLE, localDatabase(databaseUrl, accessKeyId));
  const itemsBefore = await countItems(table);
  const smoke = await runBin('smoke.ts', ['--local'], { PORT: String(port), ...CLAIM });
  expect([smoke.code, smoke.stderr]).toEqual([0, '']);
  const lines = smoke.stdout.trimEnd().split('\n');
  expect(lines.pop()).toBe(`All is well at ${second.url}`);
  expect(lines.pop()).toMatch(/^Not called: /u);
  expect(lines.length).toBeGreaterThan(8);
  expect(smoke.stdout).toMatch(/^pass {2}GET \/v1\/conversations\/\{id\}\/turns\/\{turn_id\}\/stream /mu);
  expect(lines.filter((line) => !line.startsWith('pass  '))).toEqual([]);
  expect(await countItems(table), 'nothing is left behind').toBe(itemsBefore);

  const pids = second.pids();
  const held = await holdConnections(second);
  second.child.kill('SIGTERM');
  expect(await endedSoon(second)).toBe(0);
  await Promise.all(held);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('two instances do not disturb each other; in memory nothing is kept, and nothing goes on running', async () => {
  const ports = [await newPort(), await newPort()] as const;
  const keptBefore = join(instanceFolder(ports[0]), 'dynamodb', 'kept');
  mkdirSync(dirname(keptBefore), { recursive: true });
  writeFileSync(keptBefore, 'by an earlier start');
  const [one, two] = await Promise.all([
    startOn(ports[0], '--in-memory', '--allow-local-tools'),
    startOn(ports[1], '--in-memory'),
  ]);

  expect(two.output()).toContain('Data in memory;');
  const origin = { origin: 'https://app.example.com' };
  const fromPage = await fetch(`${two.url}/health`, { headers: origin });
  expect(fromPage.headers.get('access-control-allow-origin')).toBe(origin.origin);

  const withLocalTool = await Promise.all([one, two].map(makeAgentWithLocalTool));
  expect(withLocalTool.map(({ status }) => status)).toEqual([200, 422]);

  const pids = one.pids();
  process.kill(-(one.child.pid ?? 0), 'SIGINT'); // Ctrl-C: a terminal sends it to the whole group
  expect(await one.exited).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
  expect(readdirSync(instanceFolder(ports[0]))).toEqual(['dynamodb']);
  expect(existsSync(keptBefore)).toBe(true);
  expect(
    curlsIn(two.output())
      .map(runCurl)
      .map(({ status }) => status),
  ).toEqual([201, 200, 200, 200]);

  // Functions that ask the model run in turn in two processes, which are frozen in between.
  const frozen = () => two.pids().filter((pid) => stateOf(pid) === 'T');
  const before = frozen();
  expect(before).toHaveLength(2);
  const [, complete = ''] = curlsIn(two.output());
  for (let count = 0; count < 3; count += 1) expect(runCurl(complete).status).toBe(200);
  expect(frozen()).toEqual(before);

  // Killed alone it takes its database and its functions with it, the frozen ones too.
  const leftOvers = two.pids().slice(1);
  expect(leftOvers.filter(isAlive)).toEqual(leftOvers);
  two.child.kill('SIGKILL');
  await two.exited;
  await vi.waitFor(() => expect(leftOvers.filter(isAlive)).toEqual([]), 10_000);
  const three = await startByNpm(ports[1], ['--in-memory']);
  onTestFinished(() => killGroup(three));

  // SIGTERM to npm, as a supervisor sends it, ends what npm has started.
  const all = three.pids();
  three.child.kill('SIGTERM');
  await three.exited;
  expect(all.filter(isAlive)).toEqual([]);
  await expect(fetch(`${three.url}/health`)).rejects.toThrow('fetch failed');
  expect(existsSync(instanceFolder(ports[1]))).toBe(false);
});

describe('what is missing is said in one line', () => {
  test('Java', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-path-'));
    symlinkSync(process.execPath, join(folder, 'node'));
    const { exited, output } = launch(await newPort(), ['--in-memory'], { PATH: folder });
    expect(await exited).toBe(1);
    expect(output()).toMatch(/^Java is missing: install a Java 17 runtime.*\n$/u);
    rmSync(folder, { recursive: true });
  });

  test('a running instance, for an API key', async () => {
    const port = await newPort();
    const { code, stderr } = await runBin(
      'api-key.ts',
      ['--organization', randomUUID(), '--user', randomUUID()],
      {
        PORT: String(port),
      },
    );
    expect([code, stderr]).toEqual([1, `Nothing runs on port ${port}: npm start first, or set PORT\n`]);
  });

  test('a running instance, for a smoke test: none, and one that was killed', async () => {
    const port = await newPort();
    const none = await runBin('smoke.ts', ['--local'], { PORT: String(port) });
    expect([none.code, none.stderr]).toEqual([
      1,
      `Nothing runs on port ${port}: npm start first, or set PORT\n`,
    ]);
    const gone = { databaseUrl: 'http://127.0.0.1:1', accessKeyId: 'gone', dataFolder: null, pids: [] };
    recordInstance(instanceFolder(port), gone);
    const killed = await runBin('smoke.ts', ['--local'], { PORT: String(port) });
    expect([killed.code, killed.stderr]).toEqual([
      1,
      'The local database does not answer: npm start first\n',
    ]);
  });

  test.each([
    ['token.ts', []],
    ['token.ts', ['--sub', 'x', '--company', '9007199254740993']],
    ['token.ts', ['--sub', 'x', '--company', 'abc']],
    ['token.ts', ['--sub', 'x', '--expires-in', 'bogus']],
    ['token.ts', ['--surprise']],
    ['api-key.ts', ['--organization', 'x', '--user', 'y']],
    ['api-key.ts', ['--tool-secret']],
    ['start.ts', ['--surprise']],
    ['smoke.ts', []],
    ['smoke.ts', ['--local', '--stack', 'Parley']],
    ['smoke.ts', ['--local', '--token', 'x']],
    ['token.ts', ['--stack', 'Parley', '--sub', 'x']],
    ['token.ts', ['--sub', 'x', '--user', 'y']],
    ['api-key.ts', ['--organization', randomUUID(), '--user', randomUUID(), '--expires-in-days', '0']],
  ])('a wrong option of %s %j', async (file, options) => {
    const { code, stdout, stderr } = await runBin(file, options);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^.+\nUsage: npm [^]*\n$/u);
  });

  test('a port that is none', async () => {
    expect(await runBin('start.ts', [], { PORT: 'abc' })).toMatchObject({
      code: 1,
      stderr: 'PORT is no port: abc\n',
    });
  });
});
