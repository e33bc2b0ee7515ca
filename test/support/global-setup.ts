import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildBundles, DIST } from '../../lib/bundles.ts';
import { spawnDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';
import { openIssuer } from '../../lib/local/issuer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where DynamoDB Local listens. */
    readonly databaseUrl: string;
    /** The signing key of the tests' issuer. */
    readonly signingKeyFile: string;
  }
}

/** Once for all tests: the bundles that deploy, a database in memory and a signing key. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const signingKeyFile = join(folder, 'signing-key.json');
  const [database] = await Promise.all([
    spawnDynamoDbLocal(null, `parley-test:${folder}`),
    openIssuer(signingKeyFile),
    buildBundles(DIST),
  ]);
  await database.ready;
  project.provide('databaseUrl', database.endpoint);
  project.provide('signingKeyFile', signingKeyFile);
  return async () => {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
