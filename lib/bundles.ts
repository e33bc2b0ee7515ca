import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { endpoints } from '../functions/endpoints.ts';
import { invokesWorker } from '../functions/http/endpoint.ts';
import { entryOf, generatedModules } from './bundle-entries.ts';
import { AUTHORIZER_BUNDLE, bundleName, CLAIMS_BUNDLE, TITLE_BUNDLE, WORKER_BUNDLE } from './bundle-names.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Where the bundles that deploy are built. */
export const DIST = join(ROOT, 'dist');

/** The file of a built bundle; its handler is `index.handler`. */
export function bundleFile(folder: string, name: string): string {
  const file = join(folder, name, 'index.cjs');
  return existsSync(file) ? file : join(folder, name, 'index.mjs');
}

/** Builds every bundle anew, each in its own folder of this one. The same files run deployed, locally and in tests. */
export async function buildBundles(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const plain = endpoints.filter((each) => !invokesWorker(each)).map(bundleName);
  const invoking = endpoints.filter(invokesWorker).map(bundleName);
  const lazy = [...invoking, WORKER_BUNDLE, TITLE_BUNDLE, 'turn-stream'];
  // Entries that share one call share its chunks, and a chunk outside its bundle's folder would not be deployed.
  const options = [singleFiles([...plain, AUTHORIZER_BUNDLE, CLAIMS_BUNDLE, 'follow']), ...lazy.map(split)];
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

function entries(names: readonly string[]): BuildOptions {
  return {
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, entryOf(name)])),
    plugins: [generatedModules, environmentCredentials, versionsAlone],
  };
}

/** Lambda's credentials are in the environment; the chain that looks for others is a third of the SDK, and most of Anthropic's for AWS. */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup(build) {
    const path = join(ROOT, 'lib/environment-credentials.ts');
    build.onResolve({ filter: /^@aws-sdk\/credential-provider(?:-node|s)$/ }, () => ({ path }));
  },
};

/** The SDK reads its version from its package.json, of which the rest would be in every bundle. */
const versionsAlone: Plugin = {
  name: 'versions-alone',
  setup(build) {
    build.onLoad({ filter: /node_modules\/@aws-sdk\/[^/]+\/package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};
