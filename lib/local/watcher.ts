import { createInterface } from 'node:readline';
import { killMarked } from './instance.ts';
import type { Watched } from './watch.ts';

/** The program of a watcher: its standard input is open for as long as the process that started it is there. */
const watched: Watched[] = [];
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
createInterface({ input: process.stdin })
  .on('line', (line) => watched.push(JSON.parse(line) as Watched))
  .on('close', () => {
    for (const each of watched) killMarked(...each);
  });
