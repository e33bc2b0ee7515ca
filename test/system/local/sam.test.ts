import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { seenByContainers } from '../../../lib/local/containers.ts';
import { instanceFolder } from '../../../lib/local/instance.ts';
import { runBin } from '../../support/run-bin.ts';
import { instancePort, isAlive, launch, type Started, untilPrinted } from '../../support/started.ts';

const STAND_IN = join(import.meta.dirname, '../../support/sam-stand-in.ts');

/** A folder for PATH with these programs in it. */
function programs(scripts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-programs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(process.execPath, join(folder, 'node'));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

// Docker's bridge is the loopback interface here, and sam its stand-in.
const docker = `test "$1" = network && echo 127.0.0.1; exit 0`;
const sam = `exec "${process.execPath}" "${STAND_IN}" "$@"`;

/** `npm run sam` with both programs there. */
function launchSam(port: number): Started {
  const PATH = `${programs({ docker, sam })}${delimiter}${process.env.PATH}`;
  const started = launch(port, [], { PATH }, [
    process.execPath,
    join(import.meta.dirname, '../../../bin/sam.ts'),
  ]);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}

test('runs the synthesized stack in sam local, on the local database, and ends with it', async () => {
  const port = await instancePort(onTestFinished);
  const started = launchSam(port);
  await untilPrinted(started, /^sam is listening$/mu);
  const smoke = await runBin('smoke.ts', ['--local'], { PORT: String(port) });
  expect([smoke.code, smoke.stderr], smoke.stdout).toEqual([0, '']);
  expect(smoke.stdout).toContain('skip  streams: sam local emulates no function URLs\n');

  const environment = readFileSync(join(instanceFolder(port), 'sam/environment.json'), 'utf8');
  expect(environment).toContain('AWS_ENDPOINT_URL_DYNAMODB');
  expect(environment).not.toContain('ANTHROPIC_API_KEY');

  const pids = started.pids();
  expect(pids.length).toBeGreaterThan(1);
  started.child.kill('SIGTERM');
  expect(await started.exited).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
  await expect(fetch(`${started.url}/health`)).rejects.toThrow('fetch failed');
});

test('stopped before sam has started, leaves nothing running', async () => {
  const port = await instancePort(onTestFinished);
  const started = launchSam(port);
  const isRecorded = () => expect(started.pids().length).toBeGreaterThan(1);
  await vi.waitFor(isRecorded, { timeout: 20_000, interval: 20 });
  const pids = started.pids();
  started.child.kill('SIGINT');
  expect(await started.exited).toBe(0);
  expect(started.output()).not.toContain('sam is listening');
  await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), 10_000);
});

test.each([
  [{}, ['Docker is not', 'The SAM CLI is not']],
  [{ docker: 'exit 1', sam: 'exit 0' }, ['Docker is not']],
  [{ docker: 'exit 0' }, ['The SAM CLI is not']],
])('with %j says what is missing, and starts nothing', async (scripts, missing) => {
  const port = await instancePort(onTestFinished);
  const { code, stderr } = await runBin('sam.ts', [], { PATH: programs(scripts), PORT: String(port) });
  expect(code).toBe(1);
  const lines = stderr.trimEnd().split('\n');
  expect(lines.pop()).toBe('npm start runs the API without either');
  expect(lines.map((line) => missing.find((each) => line.startsWith(each)))).toEqual(missing);
});

test('containers are told another name of this machine, and the names of others as they are', () => {
  const host = { address: '127.0.0.1', name: 'host.docker.internal' };
  expect(seenByContainers('http://127.0.0.1:8000', host)).toBe('http://host.docker.internal:8000');
  expect(seenByContainers('http://localhost:8000/x', host)).toBe('http://host.docker.internal:8000/x');
  expect(seenByContainers('https://localhost.example.com', host)).toBe('https://localhost.example.com');
  expect(seenByContainers('', host)).toBe('');
});
