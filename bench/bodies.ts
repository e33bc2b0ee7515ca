import { randomUUID } from 'node:crypto';
import { createAgent } from '../functions/agent-chat/create-agent.ts';
import { bundleName } from '../lib/bundle-names.ts';
import { buildBundles, bundleFile, DIST } from '../lib/bundles.ts';
import { run } from '../lib/command/fault.ts';
import { createTable } from '../lib/local/create-table.ts';
import { spawnDynamoDbLocal } from '../lib/local/dynamodb-local.ts';
import { ANY_ACCESS_KEY, LOCAL_TABLE, localDatabase, localEnvironment } from '../lib/local/environment.ts';
import { httpEvent } from '../lib/local/http-event.ts';
import { HOSTILE } from './hostile-bodies.ts';

const KIB = 1024;
const ROUNDS = 3;

/** Nobody makes JWTs here, and nothing but the database is called. */
const NOTHING_ELSE = { secretsUrl: '', invokeUrl: '', apiUrl: '', modelUrl: null };
const NO_ISSUER = { issuer: '', audience: [], jwks: { keys: [] } };

type Handler = (event: unknown, context: unknown) => Promise<{ statusCode: number }>;

/**
 * What bodies cost in CPU time, by their size: through the bundle that deploys, with an Idempotency-Key, once where
 * free JSON is limited and once in a field that nobody knows. Twice the size should be twice the time.
 *
 * Sizes in KiB may be given: `npm run bench:bodies -- 16 32`.
 */
await run(async () => {
  await using started = new AsyncDisposableStack();
  const handler = await startFunction(started);
  const print = process.stdout.write.bind(process.stdout);
  process.stdout.write = () => true; // the line that each request leaves
  const given = process.argv.slice(2).map(Number);
  const sizesKib = given.length > 0 ? given : [256, 512, 1_024, 2_040]; // with what is beside it, up to 2 MiB
  for (const json of ['{}', '[1e400]', '"text"']) await costOf(handler, bodyWith('unknown', json)); // warm up
  print(`CPU ms of bodies of ${sizesKib.join(', ')} KiB, and how much more each takes\n`);
  for (const member of ['metadata', 'unknown'])
    for (const [name, jsonOf] of Object.entries(HOSTILE)) {
      const costs = [];
      for (const size of sizesKib) costs.push(await costOf(handler, bodyWith(member, jsonOf(size * KIB))));
      print(lineOf(`${name} in ${member}`, costs));
    }
});

/** A function of a deployment, in this process, with a database in memory. */
async function startFunction(started: AsyncDisposableStack): Promise<Handler> {
  const database = await spawnDynamoDbLocal(null, `parley-bench:${process.pid}`);
  started.defer(database.stop);
  await Promise.all([database.ready, buildBundles(DIST)]);
  await createTable(LOCAL_TABLE, localDatabase(database.endpoint));
  Object.assign(
    process.env,
    localEnvironment(NO_ISSUER, {
      databaseUrl: database.endpoint,
      accessKeyId: ANY_ACCESS_KEY,
      ...NOTHING_ELSE,
    }),
  );
  const { handler } = (await import(bundleFile(DIST, bundleName(createAgent)))) as { handler: Handler };
  return handler;
}

function bodyWith(member: string, json: string): string {
  const required = JSON.stringify({ name: 'A', configuration: {}, template_id: randomUUID() });
  return `${required.slice(0, -1)},"${member}":{"a":${json}}}`;
}

/** The least CPU time of some, in milliseconds, and the status. Each request has a key of its own. */
async function costOf(handler: Handler, body: string): Promise<{ ms: number; status: number }> {
  const costs: { ms: number; status: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const event = eventOf(body);
    const before = process.cpuUsage();
    const { statusCode: status } = await handler(event, contextOf());
    const { user, system } = process.cpuUsage(before);
    costs.push({ ms: (user + system) / 1_000, status });
  }
  return costs.reduce((least, cost) => (cost.ms < least.ms ? cost : least));
}

function eventOf(body: string) {
  const lambda = { keyId: 'k', organizationId: randomUUID(), userId: 'u', scopes: 'admin' };
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const request = { method: 'POST', url: createAgent.path, headers, body: Buffer.from(body) };
  return httpEvent(request, { operation: createAgent, pathParameters: {} }, { lambda });
}

function contextOf() {
  return { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 25_000 };
}

function lineOf(name: string, costs: readonly { ms: number; status: number }[]): string {
  const times = costs.map(({ ms }) => ms.toFixed(0).padStart(7)).join('');
  const ratios = costs
    .slice(1)
    .map(({ ms }, index) => (ms / (costs[index]?.ms ?? ms)).toFixed(1).padStart(5));
  const statuses = [...new Set(costs.map(({ status }) => status))].join();
  return `${name.padEnd(46)}${times}   x${ratios.join('')}   (${statuses})\n`;
}
