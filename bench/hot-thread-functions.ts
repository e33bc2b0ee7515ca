import { randomUUID } from 'node:crypto';
import type { AnyEndpoint } from '../functions/http/endpoint.ts';
import { bundleName } from '../lib/bundle-names.ts';
import { buildBundles, bundleFile, DIST } from '../lib/bundles.ts';
import { createTable } from '../lib/local/create-table.ts';
import { spawnDynamoDbLocal } from '../lib/local/dynamodb-local.ts';
import { ANY_ACCESS_KEY, LOCAL_TABLE, localDatabase, localEnvironment } from '../lib/local/environment.ts';
import { sharedRunner } from '../lib/local/function-pool.ts';
import { httpEvent } from '../lib/local/http-event.ts';
import { SIGNING_KEY_FILE } from '../lib/local/instance.ts';
import { localClaims, openIssuer } from '../lib/local/issuer.ts';
import { functionTimeoutMs } from '../lib/time-limits.ts';
import { startDatabaseProxy } from '../test/support/database-proxy.ts';

interface Input {
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: object;
}
type Answer = Readonly<Record<string, unknown>>;

/** The functions of a deployment over a database that raises conflicts. */
export interface HotThreads {
  readonly processes: number;
  /** Has a writer's process call an operation. @throws Error when it is refused */
  readonly call: (writer: number, operation: AnyEndpoint, input: Input) => Promise<Answer>;
  /** What the database was asked, how long the transactions that it made held their items, and the CPU time of this process, so far. */
  readonly counts: () => { calls: number; transactions: number; heldMs: number; busyMs: number };
}

/** Nothing but the database is called. */
const NOTHING_ELSE = {
  secretsUrl: '',
  invokeUrl: '',
  apiUrl: '',
  modelUrl: null,
  accessKeyId: ANY_ACCESS_KEY,
};

/** @param started collects what ends again all that was started */
export async function startHotThreads(started: AsyncDisposableStack, processes: number): Promise<HotThreads> {
  const marker = `parley-bench:${process.pid}`;
  const database = await spawnDynamoDbLocal(null, marker);
  started.defer(database.stop);
  await Promise.all([database.ready, buildBundles(DIST)]);
  await createTable(LOCAL_TABLE, localDatabase(database.endpoint));
  const proxy = await startDatabaseProxy(database.endpoint);
  started.defer(proxy.close);
  const issuer = await openIssuer(SIGNING_KEY_FILE);
  const environment = localEnvironment(issuer.configuration, { databaseUrl: proxy.url, ...NOTHING_ELSE });
  const runners = Array.from({ length: processes }, () =>
    sharedRunner({ environment, marker, onStart: () => {}, log: 'ignore' }),
  );
  for (const { stop } of runners) started.defer(stop);
  const claims = localClaims({ userId: randomUUID(), brandId: 'bench', roles: [], companyIds: [] });
  const headers = {
    authorization: `Bearer ${await issuer.sign(claims)}`,
    'content-type': 'application/json',
  };
  const verified = claimsOf(headers.authorization);
  let [calls, transactions, heldMs] = [0, 0, 0];
  proxy.intercept(({ operation }) => {
    calls += 1;
    if (operation === 'TransactWriteItems') transactions += 1;
    return undefined;
  });
  proxy.listen(({ operation, tookMs }) => {
    if (operation === 'TransactWriteItems') heldMs += tookMs;
  });
  return {
    processes,
    counts: () => {
      const { user, system } = process.cpuUsage();
      return { calls, transactions, heldMs, busyMs: (user + system) / 1_000 };
    },
    call: async (writer, operation, { path = {}, body }) => {
      const url = operation.path.replace(/\{(\w+)\}/gu, (_, name: string) => path[name] ?? '');
      const request = {
        method: operation.method,
        url,
        headers,
        body: Buffer.from(body ? JSON.stringify(body) : ''),
      };
      const event = httpEvent(
        request,
        { operation, pathParameters: path },
        { jwt: { claims: verified, scopes: null } },
      );
      const call = {
        file: bundleFile(DIST, bundleName(operation)),
        event,
        timeoutMs: functionTimeoutMs(operation),
      };
      const answer = (await runners[writer % processes]?.invoke(call)) as {
        statusCode: number;
        body: string;
      };
      if (answer.statusCode >= 300) throw new Error(`${url} answered ${answer.statusCode}: ${answer.body}`);
      return JSON.parse(answer.body) as Answer;
    },
  };
}

/** The claims of a token as the gateway hands them on. */
function claimsOf(authorization: string): Record<string, string> {
  const [, payload = ''] = authorization.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, String(value)]));
}
