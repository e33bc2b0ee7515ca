import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { markerOf, recordInstance, stopLeftOvers } from '../../../lib/local/instance.ts';
import { startWatcher } from '../../../lib/local/watch.ts';
import { isAlive, stateOf } from '../../support/started.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-left-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

/** A process that has this word on its command line. */
function idle(word: string): ChildProcess & { pid: number } {
  const child = spawn('sh', ['-c', 'while :; do sleep 1; done', word], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child as ChildProcess & { pid: number };
}
const endOf = (child: ChildProcess) =>
  new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));

test('the next start ends what a killed one left, and nothing that has its pid by now', async () => {
  const [left, stranger] = [idle(markerOf(folder)), idle('something else')];
  const ended = endOf(left);
  const pids = [left.pid, stranger.pid, 4_194_305]; // over what a pid may be
  recordInstance(folder, { databaseUrl: '', accessKeyId: null, dataFolder: null, pids });
  stopLeftOvers(folder);
  expect(await ended).toBe('SIGKILL');
  expect(isAlive(stranger.pid)).toBe(true);
});

test('a watcher ends what it watches when its parent is gone, frozen or not, and nothing else', async () => {
  const [running, frozen, stranger] = [idle('mine'), idle('mine'), idle('something else')];
  const ended = Promise.all([endOf(running), endOf(frozen)]);
  frozen.kill('SIGSTOP');
  await vi.waitFor(() => expect(stateOf(frozen.pid)).toBe('T'));
  const watcher = startWatcher();
  for (const { pid } of [running, frozen, stranger]) watcher.watch(pid, 'mine');
  await watcher.stop(); // closes its standard input, as the end of this process does
  expect(await ended).toEqual(['SIGKILL', 'SIGKILL']);
  expect(isAlive(stranger.pid)).toBe(true);
});
