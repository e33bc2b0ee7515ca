import { readFileSync, writeFileSync } from 'node:fs';
import { STORE_WITHIN_MS } from '../../../functions/domain/limits.ts';
import { FOLLOWER_MEMORY_MB } from '../../../lib/function-memory.ts';
import { streamTimeoutMs } from '../../../lib/time-limits.ts';
import { ENTRIES } from './operations.ts';

const FILE = new URL('../../../docs/costs.md', import.meta.url);

/** What one operation uses. */
export interface Figures {
  readonly name: string;
  readonly writes: number;
  readonly reads: number;
  readonly logBytes: number;
}

/** US dollars in us-east-1 at PRICED_ON, without free tiers. */
const PRICED_ON = '2026-11-22';
const PER_MILLION_WRITES = 0.625;
const PER_MILLION_READS = 0.125;
const PER_MILLION_REQUESTS = 1;
const PER_MILLION_INVOCATIONS = 0.2;
const PER_GB_SECOND = 0.0000133334;
const PER_LOGGED_GB = 0.5;

/** A function that reads and writes lasts about so long, at 1 GB; this machine is no Lambda to measure it on. */
const FUNCTION_SECONDS = 0.02;
/** What follows a thread looks every 3 seconds once nothing is said. */
const FOLLOWER_GB = FOLLOWER_MEMORY_MB / 1_024;
const FOLLOWER_SECONDS = (streamTimeoutMs('follow') - STORE_WITHIN_MS) / 1_000;
const FOLLOWER_POLL_SECONDS = 3;
const DAY_SECONDS = 86_400;

/** A line of the gateway's access log. */
const ACCESS_LOG_BYTES = 330;

/** Writes docs/costs.md. */
export function writeCosts(figures: readonly Figures[]): void {
  writeFileSync(FILE, document(figures));
}

/** What docs/costs.md says that an operation uses. */
export function documented(name: string): Pick<Figures, 'writes' | 'reads'> | undefined {
  const row = readFileSync(FILE, 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| ${name} |`));
  const [, , writes, reads] = row?.split('|').map((cell) => Number(cell)) ?? [];
  return writes === undefined || reads === undefined ? undefined : { writes, reads };
}

function document(figures: readonly Figures[]): string {
  return `# What each operation costs

US dollars for a million calls in us-east-1, list prices of ${PRICED_ON} without free tiers. \`npm run costs\` writes this
page; a test fails when an operation uses more units than it says here.

Each call is an ordinary one: a POST has an Idempotency-Key, a message is an item of 0.9 KB, lists have ${ENTRIES} entries,
as many in each of their partitions, and threads ${ENTRIES} messages.

- **Units** are DynamoDB's request units, ${PER_MILLION_WRITES} a million writes and ${PER_MILLION_READS} a million reads. Single operations are metered
  through the real functions on DynamoDB Local. Transactions it meters wrong, so they are computed from the items before
  and after: 2 for each KB begun of an item, and 1 for each KB begun of an index entry that is put, changed or deleted; one
  whose key changes is deleted and put.
- **Lambda** is ${PER_MILLION_INVOCATIONS} a million invocations and ${PER_GB_SECOND} a GB-second on arm64, taking functions to last ${FUNCTION_SECONDS * 1_000} ms at
  1 GB. An answer of the model takes two functions for as long as it takes, 0.13 for a thousand answers of 5 s; the model is
  paid on top.
- **Gateway** is ${PER_MILLION_REQUESTS.toFixed(2)} a million requests of up to 512 KB.
- **A stream of a thread** that is left open is a running function: ${(followingForADay() * 100).toFixed(1)} cents a day, nearly all of it for its
  ${FOLLOWER_GB * 1_024} MB. Lambda is not told when a client leaves, so that such a stream goes on for up to five minutes more.
- **Logs** are ${PER_LOGGED_GB.toFixed(2)} a GB: the function's line, measured, and one of some ${ACCESS_LOG_BYTES} bytes in the access log.

| operation | writes | reads | DynamoDB | Lambda | gateway | logs | all |
| --- | --- | --- | --- | --- | --- | --- | --- |
${figures.map(row).join('\n')}
`;
}

/** US dollars. */
function followingForADay(): number {
  return (
    DAY_SECONDS * FOLLOWER_GB * PER_GB_SECOND +
    ((DAY_SECONDS / FOLLOWER_SECONDS) * PER_MILLION_INVOCATIONS +
      (DAY_SECONDS / FOLLOWER_POLL_SECONDS) * PER_MILLION_READS) /
      1_000_000
  );
}

function row({ name, writes, reads, logBytes }: Figures): string {
  const million = 1_000_000;
  const costs = [
    writes * PER_MILLION_WRITES + reads * PER_MILLION_READS,
    PER_MILLION_INVOCATIONS + FUNCTION_SECONDS * PER_GB_SECOND * million,
    PER_MILLION_REQUESTS,
    ((logBytes + ACCESS_LOG_BYTES) * million * PER_LOGGED_GB) / 1e9,
  ];
  const all = costs.reduce((sum, cost) => sum + cost, 0);
  return `| ${[name, writes, reads, ...[...costs, all].map((cost) => cost.toFixed(2))].join(' | ')} |`;
}
