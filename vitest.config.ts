import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Node keeps what it has compiled, for all processes that tests start: the same packages and programs again and again.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/compiled');

/** DynamoDB Local is shared and the machine may be slow: these are nets for what hangs, not measurements. */
const patience = { testTimeout: 90_000, hookTimeout: 90_000, expect: { poll: { timeout: 60_000 } } };
/** A title holds a test's case whole, by which it is found. */
const titles = { taskTitleValueFormatTruncate: 0 };
const services = { globalSetup: ['test/support/global-setup.ts'] };
/** Files that change nothing around them share a process, and what is loaded and made there once. */
const oneProcess = { isolate: false, fileParallelism: false, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: '100%', // by default one core is left for watching
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], ...patience, ...titles } },
      { test: { name: 'api', include: ['test/api/**/*.test.ts'], ...services, ...patience, ...titles } },
      {
        test: {
          name: 'infra',
          include: ['test/infra/**/*.test.ts'],
          ...services,
          ...oneProcess,
          ...patience,
          ...titles,
        },
      },
      {
        test: { name: 'system', include: ['test/system/**/*.test.ts'], ...services, ...patience, ...titles },
      },
    ],
  },
});
