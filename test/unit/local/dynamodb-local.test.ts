import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { spawnDynamoDbLocal } from '../../../lib/local/dynamodb-local.ts';
import { killMarked } from '../../../lib/local/instance.ts';
import { isAlive } from '../../support/started.ts';

/** A program that is found in place of Java. It cannot imitate one that listens and then hangs. */
function standInForJava(script: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'parley-java-'));
  writeFileSync(join(folder, 'java'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'java'), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
}

test('a Java that hangs, and does not take SIGTERM, is given up and ended', async () => {
  standInForJava(`trap '' TERM; while :; do sleep 1; done`);
  const database = await spawnDynamoDbLocal(null, 'parley-test', 200);
  onTestFinished(() => killMarked(database.pid, 'parley-test'));
  await expect(database.ready).rejects.toThrow(
    /^Java did not start DynamoDB Local within 0\.2 s: see whether java -version answers$/u,
  );
  expect(isAlive(database.pid)).toBe(false);
});

test('a Java that ends is told of in one line, and when it ends', async () => {
  standInForJava('echo "Error: no such jar" >&2; echo "at line 2" >&2; exit 3');
  const database = await spawnDynamoDbLocal(null, 'parley-test');
  await expect(database.ready).rejects.toThrow(/^DynamoDB Local stopped \(3\): Error: no such jar$/u);
  expect(await database.ended).toBe('DynamoDB Local stopped (3): Error: no such jar');
});

test('a Java that is too old is told of as that', async () => {
  standInForJava('echo "java.lang.UnsupportedClassVersionError: 61" >&2; exit 1');
  const database = await spawnDynamoDbLocal(null, 'parley-test');
  await expect(database.ready).rejects.toThrow(/^This Java is too old\. Java is missing: install/u);
});

test('Java is not given the model’s key', async () => {
  standInForJava('echo "key: $ANTHROPIC_API_KEY" >&2; exit 1');
  vi.stubEnv('ANTHROPIC_API_KEY', 'sk-secret');
  const database = await spawnDynamoDbLocal(null, 'parley-test');
  expect(await database.ended).toBe('DynamoDB Local stopped (1): key:');
});
