import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { endpoints } from '../functions/endpoints.ts';
import type { AnyOperation, Auth } from '../functions/http/endpoint.ts';
import { streamEndpoints } from '../functions/stream-endpoints.ts';
import {
  AUTHORIZER_BUNDLE,
  bundleName,
  CLAIMS_BUNDLE,
  exportName,
  TITLE_BUNDLE,
  WORKER_BUNDLE,
} from './bundle-names.ts';
import { docsPage } from './docs-page.ts';
import { openApiDocument } from './openapi.ts';
import { validatorsModule } from './validators.ts';

/** What functions that are no operations run. */
const OTHERS: Readonly<Record<string, string>> = {
  [AUTHORIZER_BUNDLE]: `import { authorizeApiKey as run } from './functions/authorizer/authorize-api-key.ts';`,
  [CLAIMS_BUNDLE]: `import { addClaims as run } from './functions/user-pool/add-claims.ts';`,
  [WORKER_BUNDLE]: `import { makeAnswer as run } from './functions/turn-worker/make-answer.ts';`,
  [TITLE_BUNDLE]: `import { writeTitle as run } from './functions/title-writer/write-title.ts';`,
};

/** What reads the credential of an API, in functions/http/. */
const CREDENTIALS: Readonly<Record<Auth, string>> = {
  jwt: 'jwt-credentials',
  'api-key': 'api-key-credentials',
  none: 'no-credentials',
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ENTRY = 'parley:entry/';
const VALIDATORS = 'parley:validators/';

/** The module with which the bundle of this name starts. */
export function entryOf(name: string): string {
  return ENTRY + name;
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
export const generatedModules: Plugin = {
  name: 'generated-modules',
  setup(build) {
    build.onResolve({ filter: /^parley:/ }, ({ path }) => ({ path, namespace: 'parley' }));
    build.onLoad({ filter: /.*/, namespace: 'parley' }, ({ path }) => {
      return { contents: contentsOf(path), resolveDir: ROOT };
    });
  },
};

function contentsOf(path: string): string {
  const made = MADE[path]?.();
  if (made) return exportsOf(made);
  return path.startsWith(ENTRY)
    ? entryModule(path.slice(ENTRY.length))
    : validatorsModule(operationOf(path.slice(VALIDATORS.length)));
}

function operationOf(name: string): AnyOperation {
  const found = [...endpoints, ...streamEndpoints].find((each) => bundleName(each) === name);
  if (!found) throw new Error(`There is no operation ${name}`);
  return found;
}

function entryModule(name: string): string {
  const streams = streamEndpoints.filter(({ servedBy }) => servedBy === name);
  const run = OTHERS[name] ?? (streams.length > 0 ? streamEntry(streams) : operationEntry(operationOf(name)));
  const handler = `throwingOwnErrors('${name}', run)`;
  return `
    ${run}
    import { throwingOwnErrors } from './functions/http/own-errors.ts';
    export const handler = ${streams.length > 0 ? `awslambda.streamifyResponse(${handler})` : handler};`;
}

function operationEntry(endpoint: AnyOperation): string {
  return `
    ${importsOf(endpoint, 0)}
    import { principalOf } from './functions/http/${CREDENTIALS[endpoint.api.auth]}.ts';
    import { lambdaHandler } from './functions/http/lambda.ts';
    const run = lambdaHandler(endpoint0, validators0, principalOf);`;
}

/** One function for several operations: Lambda's own object makes it stream. */
function streamEntry(streams: readonly AnyOperation[]): string {
  const routes = streams.map((_, index) => `{ endpoint: endpoint${index}, validators: validators${index} }`);
  return `
    ${streams.map(importsOf).join('')}
    import { authorizeApiKey } from './functions/authorizer/authorize-api-key.ts';
    import { streamHandler } from './functions/http/stream-handler.ts';
    const run = streamHandler([${routes.join()}], authorizeApiKey);`;
}

function importsOf(endpoint: AnyOperation, index: number): string {
  return `
    import { ${exportName(endpoint)} as endpoint${index} } from './functions/${endpoint.operation}.ts';
    import * as validators${index} from '${VALIDATORS}${bundleName(endpoint)}';`;
}
