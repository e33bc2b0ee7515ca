import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { takeOverSharedData } from '../../../lib/local/database-key.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-data-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});
const put = (...names: string[]) => names.forEach((name) => writeFileSync(join(folder, name), name));
const files = () =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

test.each([
  [['shared-local-instance.db']],
  [['shared-local-instance.db', 'shared-local-instance.db-journal']],
])('data that were for every key, %j, become those of this one', (kept) => {
  put(...kept, 'other_us-east-1.db');
  takeOverSharedData(folder, 'key');
  const taken = kept.map((name) => [name.replace('shared-local-instance', 'key_us-east-1'), name]);
  expect(files()).toEqual({ ...Object.fromEntries(taken), 'other_us-east-1.db': 'other_us-east-1.db' });
});

test('goes on where it was broken off, after the journal', () => {
  put('shared-local-instance.db', 'key_us-east-1.db-journal');
  takeOverSharedData(folder, 'key');
  expect(Object.keys(files())).toEqual(['key_us-east-1.db', 'key_us-east-1.db-journal']);
});

test('data of this key’s own are never written over', () => {
  put('shared-local-instance.db', 'key_us-east-1.db');
  takeOverSharedData(folder, 'key');
  expect(files()).toEqual({
    'shared-local-instance.db': 'shared-local-instance.db',
    'key_us-east-1.db': 'key_us-east-1.db',
  });
});
