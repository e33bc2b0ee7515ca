import { spawnSync } from 'node:child_process';
import { options } from '../../../lib/command/arguments.ts';

const SECONDS = 180;
const FULL_MESSAGES = 10_000;

/** Runs the test beside this for three minutes, or until 10,000 messages are acknowledged. */
const { full } = options({ full: { type: 'boolean', default: false } }, 'npm run prove:faults [-- --full]');
const scale = full ? { FAULTS_MESSAGES: String(FULL_MESSAGES) } : { FAULTS_SECONDS: String(SECONDS) };
const { status } = spawnSync('npx', ['vitest', 'run', 'test/system/faults'], {
  stdio: 'inherit',
  env: { ...process.env, ...scale },
});
process.exitCode = status ?? 1;
