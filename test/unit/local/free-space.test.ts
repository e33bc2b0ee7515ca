import { mkdtempSync, rmSync, type statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { checkDataFolder, hasSpace } from '../../../lib/local/free-space.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

const MB = 1024 * 1024;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

/** A disk that says how much is free. It cannot imitate quotas, nor a disk that fills up between look and write. */
const diskWith = (bavail: number, bsize: number) =>
  (() => ({ bavail, bsize })) as unknown as typeof statfsSync;

test.each([
  ['nothing', 0, 4_096, false],
  ['a block less than 64 MB', (64 * MB) / 4_096 - 1, 4_096, false],
  ['64 MB', (64 * MB) / 4_096, 4_096, true],
  ['64 MB in big blocks', 64, MB, true],
])('with %s free', (_, bavail, bsize, expected) => {
  expect(hasSpace(folder, diskWith(bavail, bsize))).toBe(expected);
});

test('a folder with room, and data in it, will do', () => {
  writeFileSync(join(folder, 'x_us-east-1.db'), '');
  expect(() => checkDataFolder(folder)).not.toThrow();
});

test('a folder on a full disk is refused in a line that says what to do', ({ skip }) => {
  const disk = join(folder, 'disk');
  if (!mountSmallDisk(disk, 'size=10m', onTestFinished)) skip('only root may mount a disk');
  expect(() => checkDataFolder(disk)).toThrow(/^The disk .* full: .* Make room, or .*--in-memory\)$/u);
});

test('a folder that cannot be written is refused in a line that says what to do', ({ skip }) => {
  const disk = join(folder, 'disk');
  if (!mountSmallDisk(disk, 'size=100m,ro', onTestFinished)) skip('only root may mount a disk');
  expect(() => checkDataFolder(disk)).toThrow(
    `${disk} cannot be written: make it yours to write, or keep nothing`,
  );
});
