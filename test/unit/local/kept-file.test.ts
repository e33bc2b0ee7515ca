import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { openIssuer } from '../../../lib/local/issuer.ts';
import { keptFile } from '../../../lib/local/kept-file.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-kept-'));
  file = join(folder, 'deeper', 'secret');
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

test('a secret is made once, for its owner alone, and nothing else is left', async () => {
  const made = await Promise.all(['a', 'b', 'c'].map((each) => keptFile(file, () => Promise.resolve(each))));
  expect(new Set(made).size).toBe(1);
  expect(await keptFile(file, () => 'another')).toBe(made[0]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'deeper'))).toEqual(['secret']);
});

test('what an earlier version left readable is closed, the folder too', async () => {
  mkdirSync(join(folder, 'deeper'), { mode: 0o755 });
  writeFileSync(file, 'kept', { mode: 0o644 });
  expect(await keptFile(file, () => 'another')).toBe('kept');
  expect([file, join(folder, 'deeper')].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o700]);
});

test('a file that is none, or holds no key, is said with what to do', async () => {
  const advice = (path: string) => `${path} is not readable: delete it, and a new one is made`;
  await expect(keptFile(folder, () => '')).rejects.toThrow(advice(folder));
  const empty = join(folder, 'empty');
  writeFileSync(empty, '');
  await expect(openIssuer(empty)).rejects.toThrow(advice(empty));
});
