import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { checkDataFolder } from '../../../lib/local/free-space.ts';
import { mountSmallDisk } from '../../support/small-disk.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-disk-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

test('a folder with room, and data in it, will do', () => {
  writeFileSync(join(folder, 'x_us-east-1.db'), '');
  expect(() => checkDataFolder(folder)).not.toThrow();
});

test('a folder that cannot be written is refused in a line that says what to do', ({ skip }) => {
  const disk = join(folder, 'disk');
  if (!mountSmallDisk(disk, 'size=100m,ro', onTestFinished)) skip('only root may mount a disk');
  expect(() => checkDataFolder(disk)).toThrow(
    `${disk} cannot be written: make it yours to write, or keep nothing`,
  );
});
