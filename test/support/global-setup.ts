import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildBundles } from '../../lib/bundles.ts';
import { spawnDynamoDbLocal } from '../../lib/local/dynamodb-local.ts';
import { openIssuer } from '../../lib/local/issuer.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the bundles that deploy, which the tests have built. */
    readonly bundles: string;
    /** Where DynamoDB Local listens. */
    readonly databaseUrl: string;
    /** The signing key of the tests' issuer. */
    readonly signingKeyFile: string;
  }
}

interface Services {
  readonly provided: Readonly<Record<'bundles' | 'databaseUrl' | 'signingKeyFile', string>>;
  readonly stop: () => Promise<void>;
}

/** Of this run, however many tiers ask for them. */
let services: Promise<Services> | undefined;

/** Once for all tiers that need them: the bundles that deploy, a database in memory and a signing key. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  services ??= startServices();
  const { provided, stop } = await services;
  project.provide('bundles', provided.bundles);
  project.provide('databaseUrl', provided.databaseUrl);
  project.provide('signingKeyFile', provided.signingKeyFile);
  return stop;
}

async function startServices(): Promise<Services> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const [bundles, signingKeyFile] = [join(folder, 'dist'), join(folder, 'signing-key.json')];
  const database = await spawnDynamoDbLocal(null, `parley-test:${folder}`);
  await Promise.all([database.ready, openIssuer(signingKeyFile)]);
  await buildBundles(bundles); // after it: both take every core, and a database that starts too slowly is given up
  let stopped: Promise<void> | undefined; // all tiers end together, when the last test has
  const stop = async () => {
    await database.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return {
    provided: { bundles, databaseUrl: database.endpoint, signingKeyFile },
    stop: () => (stopped ??= stop()),
  };
}
