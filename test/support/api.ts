import { randomUUID } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { createApiKey } from '../../functions/authorizer/create-api-key.ts';
import { SCOPES, type Scope } from '../../functions/domain/principal.ts';
import { type JwtConfiguration, jwtVerifier } from '../../functions/http/verify-jwt.ts';
import { openTable } from '../../functions/store/client.ts';
import { AUTHORIZER_BUNDLE, bundleName } from '../../lib/bundle-names.ts';
import { bundleFile } from '../../lib/bundles.ts';
import { authorizers } from '../../lib/local/authorizers.ts';
import { createTable } from '../../lib/local/create-table.ts';
import { ANY_ACCESS_KEY, localDatabase, localEnvironment } from '../../lib/local/environment.ts';
import { createGateway } from '../../lib/local/gateway.ts';
import { openIssuer } from '../../lib/local/issuer.ts';
import { listen } from '../../lib/local/listen.ts';
import { startDatabaseProxy } from './database-proxy.ts';
import { type Handler, inThisProcess, type RunFunction } from './run-function.ts';
import { startScriptedLambda } from './scripted-lambda.ts';
import { startScriptedModel } from './scripted-model.ts';
import { startScriptedSecret } from './scripted-secret.ts';

/** A request as a client writes it. */
export interface ApiRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string or a buffer is sent as it is. */
  readonly body?: unknown;
}

/** What came back. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests look into bodies freely; their shapes are checked against the contract, not by the compiler.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

/** Whose tokens an API accepts, and how to make one. */
export interface TokenIssuer {
  readonly configuration: JwtConfiguration;
  sign(claims: Readonly<Record<string, unknown>>): string | Promise<string>;
}

export type Api = Awaited<ReturnType<typeof startApi>>;

/**
 * The one way to start an API in a test: real HTTP to the local gateway, the built bundles, a table of its own in
 * DynamoDB Local behind a proxy, a scripted Messages API, real tokens and keys. Ends with the test file.
 *
 * @param run how functions are run: within this process, unless said otherwise
 * @param issuer whose tokens are accepted: the local issuer's, unless said otherwise
 * @param corsOrigins which web pages may call: none, unless said otherwise
 * @param hasSpace whether the disk has room for more: always, unless said otherwise
 */
export async function startApi({
  run = inThisProcess,
  issuer: given,
  corsOrigins = [],
  hasSpace = async () => true,
}: {
  run?: RunFunction;
  issuer?: TokenIssuer;
  corsOrigins?: readonly string[];
  hasSpace?: () => Promise<boolean>;
} = {}) {
  const tableName = `test-${randomUUID()}`;
  const [issuer, model, secret, database] = await Promise.all([
    given ?? openIssuer(inject('signingKeyFile')),
    startScriptedModel(),
    startScriptedSecret(),
    startDatabaseProxy(inject('databaseUrl')),
    createTable(tableName, localDatabase(inject('databaseUrl'))),
  ]);
  const jwt = issuer.configuration;
  const lambda = await startScriptedLambda((name, payload) => handler(name)(payload));
  // It is used once a request comes, and by then there are functions.
  const gateway = await listen(
    createGateway({
      invoke: (endpoint, event) => handler(bundleName(endpoint))(event) as never, // the gateway's type of a result
      invokeStream: async (name, event, sink) => {
        await handler(name)(event, sink);
      },
      authorize: authorizers({
        verifyJwt: jwtVerifier(jwt),
        authorizeApiKey: (event) => handler(AUTHORIZER_BUNDLE)(event) as never,
      }),
      corsOrigins,
      hasSpace,
    }),
    0,
  );
  const url = `http://127.0.0.1:${gateway.port}`;
  const servers = {
    databaseUrl: database.url,
    accessKeyId: ANY_ACCESS_KEY,
    secretsUrl: secret.url,
    invokeUrl: lambda.url,
    modelUrl: model.url,
    apiUrl: url,
  };
  const environment = { ...localEnvironment(jwt, servers, {}), TABLE_NAME: tableName };
  const functions = run(environment);
  const handler = (name: string): Handler => functions.handler(name, bundleFile(inject('bundles'), name));
  const table = openTable(tableName, localDatabase(inject('databaseUrl')));
  afterAll(async () => {
    await Promise.all([gateway.close(), model.close(), secret.close(), lambda.close(), database.close()]);
    functions.stop();
  });

  return {
    url,
    table,
    model,
    /** The secret with the model's key. */
    secret,
    /** Lambda's Invoke API. */
    lambda,
    database,
    issuer,
    handler,
    logged: functions.logged,
    send: (request: ApiRequest) => send(url, request),
    /** The Authorization header of a token with these claims. */
    bearer: async (claims: Readonly<Record<string, unknown>>) => ({
      authorization: `Bearer ${await issuer.sign(claims)}`,
    }),
    /** The x-api-key header of a new key. */
    apiKey: async (holder: {
      organizationId: string;
      userId: string;
      scopes?: readonly Scope[];
      expiresAt?: number;
    }) => {
      const { key } = await createApiKey({ scopes: SCOPES, expiresAt: null, ...holder }, table);
      return { 'x-api-key': key };
    },
  };
}

async function send(
  url: string,
  { method = 'POST', path, headers = {}, body }: ApiRequest,
): Promise<ApiAnswer> {
  const isRaw = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const response = await fetch(url + path, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parse(text) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
