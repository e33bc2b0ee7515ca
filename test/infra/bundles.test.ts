import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { endpoints } from '../../functions/endpoints.ts';
import { invokesWorker } from '../../functions/http/endpoint.ts';
import {
  AUTHORIZER_BUNDLE,
  bundleName,
  CLAIMS_BUNDLE,
  TITLE_BUNDLE,
  WORKER_BUNDLE,
} from '../../lib/bundle-names.ts';
import { bundleFile } from '../../lib/bundles.ts';
import { isStreaming, provideResponseStreams } from '../../lib/local/response-stream.ts';

const bundles = inject('bundles');
const ANTHROPIC = /anthropic-version|api\.anthropic\.com/u;
/** Of Anthropic's SDK for AWS. */
const CLAUDE_ON_AWS = /aws-external-anthropic/u;
const SECRETS_MANAGER = /"secretsmanager"|GetSecretValueCommand/u;
const LAMBDA = /2015-03-31\/functions/u;
const AJV_COMPILER = /strictSchema|addUsedSchema|schema is invalid/u;
const CREDENTIAL_CHAIN = /sso-credentials|fromIni|web-identity-token/iu;

const withModel = [WORKER_BUNDLE, TITLE_BUNDLE, 'turn-stream'];
const invoking = endpoints.filter(invokesWorker).map(bundleName);
const plain = [
  AUTHORIZER_BUNDLE,
  CLAIMS_BUNDLE,
  'follow',
  ...endpoints.filter((each) => !invokesWorker(each)).map(bundleName),
];
const names = [...withModel, ...invoking, ...plain];
const filesOf = (name: string) =>
  globSync('**/*', { cwd: join(bundles, name) }).map((file) => join(bundles, name, file));
const textOf = (name: string) =>
  filesOf(name)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

provideResponseStreams();

describe.each(names.map((name) => ({ name })))('the bundle $name', ({ name }) => {
  test('has no Ajv compiler and no credential chain', () => {
    expect(textOf(name)).not.toMatch(AJV_COMPILER);
    expect(textOf(name)).not.toMatch(CREDENTIAL_CHAIN);
  });

  test('exports a handler of at most two parameters', async () => {
    const { handler } = (await import(bundleFile(bundles, name))) as {
      handler: (...parameters: unknown[]) => unknown;
    };
    expect(handler).toBeTypeOf('function');
    // nodejs24.x takes a third for a callback and refuses, unless the function streams.
    expect(handler.length).toBeLessThanOrEqual(isStreaming(handler) ? 3 : 2);
  });
});

test.each(withModel)(
  '%s has both clients of the model, and that of its key, in files that are loaded on demand',
  (name) => {
    const entry = readFileSync(bundleFile(bundles, name), 'utf8');
    for (const client of [ANTHROPIC, CLAUDE_ON_AWS, SECRETS_MANAGER]) {
      expect(textOf(name)).toMatch(client);
      expect(entry).not.toMatch(client);
    }
  },
);

/** What signing takes; the chain that looks for credentials would be ten times that. */
const MOST_BYTES_OF_CLAUDE_ON_AWS = 45_000;

test.each(withModel)(
  '%s has Anthropic’s client once, and what only AWS needs in small files of its own',
  (name) => {
    const texts = filesOf(name).map((file) => readFileSync(file, 'utf8'));
    expect(texts.filter((text) => ANTHROPIC.test(text))).toHaveLength(1);
    const [forAws = '', ...others] = texts.filter((text) => CLAUDE_ON_AWS.test(text));
    expect(others).toEqual([]);
    expect(forAws).not.toMatch(ANTHROPIC);
    expect(forAws.length).toBeLessThanOrEqual(MOST_BYTES_OF_CLAUDE_ON_AWS);
  },
);

test.each(invoking)(
  '%s has Lambda’s client, in a file that is loaded on demand, and not the model’s',
  (name) => {
    expect(textOf(name)).toMatch(LAMBDA);
    expect(readFileSync(bundleFile(bundles, name), 'utf8')).not.toMatch(LAMBDA);
    expect(textOf(name)).not.toMatch(ANTHROPIC);
    expect(textOf(name)).not.toMatch(CLAUDE_ON_AWS);
    expect(textOf(name)).not.toMatch(SECRETS_MANAGER);
  },
);

const MOST_BYTES = 300_000;
/** Swagger UI, which is loaded by who asks for it alone; and one function with all the operations that follow an answer. */
const LARGER: Readonly<Record<string, number>> = { 'docs-get-page': 2_500_000, follow: 330_000 };

test.each(plain)('%s has none of these, is one file, and at most 300 KB, or what is said of it', (name) => {
  expect(textOf(name)).not.toMatch(ANTHROPIC);
  expect(textOf(name)).not.toMatch(CLAUDE_ON_AWS);
  expect(textOf(name)).not.toMatch(SECRETS_MANAGER);
  expect(textOf(name)).not.toMatch(LAMBDA);
  expect(filesOf(name)).toHaveLength(1);
  expect(statSync(bundleFile(bundles, name)).size).toBeLessThanOrEqual(LARGER[name] ?? MOST_BYTES);
});
