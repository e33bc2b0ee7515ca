import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';

/**
 * A disk of its own under a folder, in memory, until it is over. Only Linux's root may mount one.
 *
 * @param options of mount(8): `size=100m`, `ro`
 * @returns whether it is there
 */
export function mountSmallDisk(folder: string, options: string, after: (clean: () => void) => void): boolean {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  if (status === 0) after(() => void spawnSync('umount', ['--lazy', folder]));
  return status === 0;
}
