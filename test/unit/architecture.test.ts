import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const files = globSync('{bin,lib,functions,client}/**/*.ts', { cwd: ROOT });

/** The layers, lowest first. A file imports from its own folder and from these. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'functions/domain': [],
  /** How long somebody waits for what fails and passes. */
  'functions/patience': ['functions/domain'],
  'functions/store': ['functions/domain', 'functions/patience'],
  'functions/secrets': ['functions/domain'],
  'functions/invoke': [],
  'functions/model': ['functions/domain', 'functions/secrets'],
  'functions/tools': ['functions/domain', 'functions/secrets'],
  'functions/http': ['functions/domain', 'functions/patience'],
  /** What answers may use, and have used. */
  'functions/budgets': ['functions/domain', 'functions/store', 'functions/model'],
  /** What threads are called that nobody has named. */
  'functions/titles': [
    'functions/domain',
    'functions/store',
    'functions/budgets',
    'functions/invoke',
    'functions/model',
  ],
  /** What each kind of thread is, behind one table. */
  'functions/threads': ['functions/domain', 'functions/store', 'functions/model'],
  /** How answers are made, whatever the kind of thread. */
  'functions/turns': [
    'functions/domain',
    'functions/patience',
    'functions/store',
    'functions/threads',
    'functions/budgets',
    'functions/model',
    'functions/tools',
    'functions/invoke',
    'functions/titles',
  ],
  /** An API's folder, and no sibling of it. */
  api: [
    'functions/domain',
    'functions/patience',
    'functions/store',
    'functions/threads',
    'functions/model',
    'functions/tools',
    'functions/http',
    'functions/turns',
  ],
  'functions/turn-worker': ['functions/domain', 'functions/http', 'functions/turns'],
  'functions/title-writer': ['functions/domain', 'functions/patience', 'functions/http', 'functions/titles'],
  /** The list of all endpoints. */
  functions: ['api', 'functions/http'],
  lib: [
    'functions',
    'api',
    'functions/http',
    'functions/titles',
    'functions/turns',
    'functions/store',
    'functions/domain',
  ],
  'lib/command': [],
  /** What stands for the model's service. */
  'lib/local/messages-api': [],
  'lib/local': [
    'lib',
    'lib/local/messages-api',
    'lib/command',
    'functions',
    'api',
    'functions/http',
    'functions/store',
    'functions/tools',
    'functions/domain',
  ],
  'lib/deployed': ['lib', 'lib/command', 'api', 'functions/http', 'functions/store', 'functions/domain'],
  /** The typed client: what others import, so it needs nothing of ours. */
  client: [],
  'lib/smoke': [
    'client',
    'lib',
    'lib/command',
    'lib/deployed',
    'lib/local',
    'functions',
    'api',
    'functions/http',
    'functions/threads',
    'functions/store',
    'functions/domain',
  ],
  bin: [
    'lib',
    'lib/command',
    'lib/deployed',
    'lib/local',
    'lib/smoke',
    'api',
    'functions/store',
    'functions/tools',
    'functions/domain',
  ],
};

function layerOf(folder: string): string {
  return !(folder in ALLOWED) && folder.startsWith('functions/') ? 'api' : folder;
}

/** The imports of a file: of its own project as paths, of packages by name. */
function importsOf(file: string): { own: string[]; packages: string[] } {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const named = [
    ...text.matchAll(/^(?:import|export|\}).*from '(.+)'|^import '(.+)'|\bimport\('(.+?)'\)/gmu),
  ].map(([, named, whole, lazily]) => named ?? whole ?? lazily ?? '');
  const own = named
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(ROOT, join(ROOT, dirname(file), name)));
  return { own, packages: named.filter((name) => !name.startsWith('.')) };
}

describe('imports', () => {
  test.each(files.map((file) => ({ file })))('of $file go one way', ({ file }) => {
    const from = dirname(file);
    for (const target of importsOf(file).own) {
      const to = dirname(target);
      if (to !== from) expect(ALLOWED[layerOf(from)], `${file} imports ${target}`).toContain(layerOf(to));
    }
  });

  test.each([
    ['@anthropic-ai/aws-sdk', /^functions\/model\//u],
    ['@anthropic-ai/sdk', /^(functions\/model\/|lib\/local\/messages-api\/|lib\/local\/model-stand-in)/u],
    [
      '@aws-sdk/',
      /^(functions\/store\/|functions\/secrets\/|functions\/invoke\/|lib\/deployed\/|lib\/local\/|lib\/bundles)/u,
    ],
    ['@middy/', /^functions\/http\//u],
    ['aws-jwt-verify', /^(functions\/http\/|lib\/local\/)/u],
    ['@cfworker/json-schema', /^functions\/tools\//u],
    ['standardwebhooks', /^functions\/tools\//u],
    ['ajv', /^(lib\/validators\.ts|lib\/local\/messages-api\/)/u],
    ['cdk-nag', /^lib\/checks\.ts/u],
    ['aws-cdk-lib', /^(lib\/[^/]+\.ts|bin\/app\.ts)/u],
  ])('of %s are in one place', (name, place) => {
    const importers = files.filter((file) => importsOf(file).packages.some((each) => each.startsWith(name)));
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.filter((file) => !place.test(file))).toEqual([]);
  });

  test('of the domain are of the domain alone', () => {
    const packages = files
      .filter((file) => file.startsWith('functions/domain/'))
      .flatMap((file) => importsOf(file).packages);
    expect(packages).toEqual([]);
  });
});

test('the table is asked through send alone, which tries again what passes', () => {
  const sent = files.filter((file) => /\bclient\.send\(/u.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(sent.filter((file) => file.startsWith('functions/store/'))).toEqual([
    'functions/store/send-once.ts',
  ]);
  const others = sent.filter((file) => file.startsWith('functions/') && !file.startsWith('functions/store/'));
  expect(others).toEqual(['functions/invoke/invoke.ts']); // Lambda's client
  // A slot that is not taken costs nothing but time.
  const withoutRetries = files.filter((file) => importsOf(file).own.includes('functions/store/send-once.ts'));
  expect(withoutRetries.toSorted()).toEqual(['functions/store/pace.ts', 'functions/store/send.ts']);
});

test('what is deployed calls tools over the internet alone', () => {
  const choosing = files.filter((file) => /\bcallOver\b/u.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(choosing).toEqual(['functions/tools/call.ts']);
});

test('keys are built in keys.ts alone', () => {
  const builders = files.filter((file) => /\bpk: *[`'"]/u.test(readFileSync(join(ROOT, file), 'utf8')));
  expect(builders).toEqual([]);
});

test('no source file is longer than 250 lines', () => {
  const texts = files.map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));
  const written = texts.filter(({ text }) => !text.startsWith('// Made from')); // by hand
  const long = written.filter(({ text }) => text.split('\n').length > 250).map(({ file }) => file);
  expect(long).toEqual([]);
});
