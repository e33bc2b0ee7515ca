import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import { claimNames } from '../functions/http/claims.ts';
import type { Configuration } from './configuration.ts';
import { ParleyStack } from './parley-stack.ts';

interface LocalTemplate {
  readonly architecture: Configuration['architecture'];
  /** Where the bundles are. */
  readonly bundles: string;
  /** Where the template and copies of the bundles go. */
  readonly output: string;
}

/**
 * Makes the template that `sam local` runs: cdk.json's context with `local` and `arch` set, which declares the variables
 * that point functions to this machine. Tokens come from the local issuer, so it has no user pool; the model is asked with
 * a key, whatever the deployment does.
 *
 * @returns the template's file
 */
export function makeLocalTemplate({ architecture, bundles, output }: LocalTemplate): string {
  const file = new URL('../cdk.json', import.meta.url);
  const { context } = JSON.parse(readFileSync(file, 'utf8')) as { context: Record<string, unknown> };
  const names = claimNames(); // by which local tokens are made
  const claims = {
    jwtBrandClaim: names.brand,
    jwtRolesClaim: names.roles,
    jwtCompaniesClaim: names.companies,
  };
  const local = { local: true, arch: architecture, jwtIssuer: 'local', jwtAudience: 'local', ...claims };
  // sam finds a function's code by this metadata, which the CDK's command line would ask for.
  const metadata = { 'aws:cdk:enable-asset-metadata': true };
  const app = new App({ outdir: output, context: { ...context, ...local, ...metadata } });
  const stack = new ParleyStack(app, 'Parley', { bundles });
  app.synth();
  return join(output, stack.templateFile);
}
