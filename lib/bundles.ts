import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { endpoints } from '../functions/endpoints.ts';
import type { AnyEndpoint } from '../functions/http/endpoint.ts';
import { bundleName, exportName } from './bundle-name.ts';
import { docsPage } from './docs-page.ts';
import { openApiDocument } from './openapi.ts';
import { validatorsModule } from './validators.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where the bundles that deploy are built. */
export const DIST = join(ROOT, 'dist');

/** The bundles of functions that are no operations: the Lambda authorizer, the user pool's trigger, the worker. */
export const AUTHORIZER_BUNDLE = 'authorize-api-key';
export const CLAIMS_BUNDLE = 'add-claims';
/** The function that makes answers: the only one that has the model's SDK. */
export const WORKER_BUNDLE = 'make-answer';

/** What they start with. */
const OTHER_ENTRIES: Readonly<Record<string, string>> = {
  [AUTHORIZER_BUNDLE]: `export { authorizeApiKey as handler } from './functions/authorizer/authorize-api-key.ts';`,
  [CLAIMS_BUNDLE]: `export { addClaims as handler } from './functions/user-pool/add-claims.ts';`,
  [WORKER_BUNDLE]: `export { makeAnswer as handler } from './functions/turn-worker/make-answer.ts';`,
};

/** The file of a built bundle; its handler is `index.handler`. */
export function bundleFile(folder: string, name: string): string {
  const file = join(folder, name, 'index.cjs');
  return existsSync(file) ? file : join(folder, name, 'index.mjs');
}

/** Builds every bundle anew, each in its own folder of this one. The same files run deployed, locally and in tests. */
export async function buildBundles(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const plain = endpoints.filter(({ startsTurns }) => !startsTurns).map(bundleName);
  const lazy = [...endpoints.filter(({ startsTurns }) => startsTurns).map(bundleName), WORKER_BUNDLE];
  // Entries that share one call share its chunks, and a chunk outside its bundle's folder would not be deployed.
  const options = [singleFiles([...plain, AUTHORIZER_BUNDLE, CLAIMS_BUNDLE]), ...lazy.map(split)];
  await Promise.all(options.map((each) => build({ ...each, outdir: folder })));
}

const common: BuildOptions = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'], // the SDK's ECMAScript modules shake out unused code: two thirds of the size
  logLevel: 'warning',
  absWorkingDir: ROOT,
};

/** One CommonJS file for each: the fastest to load of what a function can be. */
function singleFiles(names: readonly string[]): BuildOptions {
  return { ...common, ...entries(names), format: 'cjs', outExtension: { '.js': '.cjs' } };
}

/** ECMAScript modules, so that clients which not every invocation needs are files of their own, loaded when they are. */
function split(name: string): BuildOptions {
  return {
    ...common,
    ...entries([name]),
    format: 'esm',
    splitting: true,
    chunkNames: `${name}/[name]-[hash]`,
    outExtension: { '.js': '.mjs' },
    // CommonJS dependencies still call require for Node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  };
}

const ENTRY = 'parley:entry/';
const VALIDATORS = 'parley:validators/';

function entries(names: readonly string[]): BuildOptions {
  return {
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, ENTRY + name])),
    plugins: [generatedModules, environmentCredentials],
  };
}

/** What is only known when the bundle is built, as modules (functions/docs/built.d.ts). */
const MADE: Readonly<Record<string, () => object>> = {
  'parley:openapi': () => ({ document: openApiDocument() }),
  'parley:docs-page': docsPage,
};

function exportsOf(values: object): string {
  const exports = Object.entries(values).map(
    ([name, value]) => `export const ${name} = ${JSON.stringify(value)};`,
  );
  return exports.join('\n');
}

/** The modules that are written nowhere: what a bundle starts with, its compiled schemas, and what is made above. */
const generatedModules: Plugin = {
  name: 'generated-modules',
  setup(build) {
    build.onResolve({ filter: /^parley:/ }, ({ path }) => ({ path, namespace: 'parley' }));
    build.onLoad({ filter: /.*/, namespace: 'parley' }, ({ path }) => {
      return { contents: contentsOf(path) ?? '', resolveDir: ROOT };
    });
  },
};

function contentsOf(path: string): string | undefined {
  const made = MADE[path]?.();
  if (made) return exportsOf(made);
  const endpoint = endpoints.find((each) => path.endsWith(`/${bundleName(each)}`));
  if (!path.startsWith(ENTRY)) return endpoint && validatorsModule(endpoint);
  return endpoint ? entryModule(endpoint) : OTHER_ENTRIES[path.slice(ENTRY.length)];
}

function entryModule(endpoint: AnyEndpoint): string {
  const { operation } = endpoint;
  const exported = exportName(endpoint);
  return `
    import { ${exported} } from './functions/${operation}.ts';
    import { lambdaHandler } from './functions/http/lambda.ts';
    import * as validators from '${VALIDATORS}${bundleName(endpoint)}';
    export const handler = lambdaHandler(${exported}, validators);`;
}

/** Lambda's credentials are in the environment; the chain that looks for others is a third of the SDK. */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup(build) {
    const path = join(ROOT, 'lib/environment-credentials.ts');
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, () => ({ path }));
  },
};
