import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { startDatabaseProxy } from '../../support/database-proxy.ts';
import {
  endedSoon,
  instancePort,
  isAlive,
  launch,
  type Started,
  untilPrinted,
} from '../../support/started.ts';

const CREDENTIALS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
const NONE = { AWS_REGION: undefined, AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };
const NO_PROFILES = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
const database = await startDatabaseProxy(inject('databaseUrl'));
afterAll(database.close);

/** Starts on a database of the developer's own, which costs no Java. */
async function launchOn(databaseUrl: string, environment: NodeJS.ProcessEnv = CREDENTIALS): Promise<Started> {
  const own = { AWS_ENDPOINT_URL_DYNAMODB: databaseUrl, ...NO_PROFILES, ...environment };
  const started = launch(await instancePort(onTestFinished), [], own);
  onTestFinished(() => void started.child.kill('SIGKILL'));
  return started;
}

test('a first call that fails ends nothing, nor does SIGTERM wait for it', async () => {
  const undo = database.intercept(({ operation }) =>
    operation === 'PutItem'
      ? { status: 400, type: 'AccessDeniedException', message: 'not yours' }
      : undefined,
  );
  onTestFinished(undo);
  const started = await launchOn(database.url);
  await untilPrinted(started, /^Parley listens on .*, but a first call failed, .*: not yours\n/mu);
  expect((await fetch(`${started.url}/health`)).status).toBe(200);
  started.child.kill('SIGTERM');
  expect(await endedSoon(started)).toBe(0);
});

test.each([
  ['credentials', { ...NONE, AWS_REGION: 'us-east-1' }],
  ['a region', { ...CREDENTIALS, AWS_REGION: undefined }],
])(
  'a database of one’s own without %s is refused in a line that says what to set',
  async (_, environment) => {
    const started = await launchOn(database.url, environment);
    expect(await endedSoon(started)).toBe(1);
    expect(started.output()).toMatch(
      /^[^\n]*AWS_ENDPOINT_URL_DYNAMODB[^\n]* set AWS_REGION, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n$/u,
    );
  },
);

test('SIGTERM ends a start that hangs, and its Java, which does not take it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-java-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'java'), `#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 1; done\n`);
  chmodSync(join(folder, 'java'), 0o755);
  const PATH = `${folder}${delimiter}${process.env.PATH}`;
  const started = launch(await instancePort(onTestFinished), ['--in-memory'], { PATH });
  await vi.waitFor(() => expect(started.pids()).toHaveLength(2), 20_000);
  const [, java = 0] = started.pids();
  started.child.kill('SIGTERM');
  expect(await endedSoon(started)).toBe(0);
  await vi.waitFor(() => expect(isAlive(java)).toBe(false), 10_000);
});
