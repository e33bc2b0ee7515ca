import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { eventQueue } from '../../lib/local/event-queue.ts';
import { createInvokeApi } from '../../lib/local/invoke-api.ts';
import { readText } from '../../lib/local/read-text.ts';
import { samEvent } from './sam-event.ts';

/**
 * What `sam local start-api` does with a template, without Docker: it serves the routes of AWS::ApiGatewayV2, runs
 * Lambda authorizers but no JWT authorizers, and gives functions of the environment file only what they declare.
 */
const text = { type: 'string' } as const;
const { values, positionals } = parseArgs({
  options: {
    version: { type: 'boolean' },
    template: text,
    'env-vars': text,
    host: text,
    port: text,
    'warm-containers': text,
  },
  allowPositionals: true,
});
if (values.version) process.exit(0);
const command = positionals.join(' ');
if (!['local start-api', 'local start-lambda'].includes(command)) throw new Error(`sam has no ${command}`);

interface Resource {
  readonly Type: string;
  // CloudFormation's.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly Properties: any;
  readonly Metadata: { readonly 'aws:asset:path': string };
}
type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const template = String(values.template);
const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as { Resources: Record<string, Resource> };
const { Parameters } = JSON.parse(readFileSync(String(values['env-vars']), 'utf8')) as {
  Parameters: Record<string, string>;
};
const routes = Object.values(Resources)
  .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
  .map(({ Properties }) => {
    const [method = '', path = ''] = (Properties.RouteKey as string).split(' ');
    const integration: string = Properties.Target['Fn::Join'][1].find(
      (part: unknown) => typeof part === 'object',
    ).Ref;
    return {
      method,
      path,
      pattern: new RegExp(`^${path.replaceAll(/\{(\w+)\}/gu, '(?<$1>[^/]+)')}$`, 'u'),
      functionId: Resources[integration]?.Properties.IntegrationUri['Fn::GetAtt'][0] as string,
      authorizer: Resources[Properties.AuthorizerId?.Ref as string]?.Properties,
    };
  })
  .toSorted((a, b) => a.path.split('{').length - b.path.split('{').length);

async function invoke(functionId: string, event: unknown): Promise<unknown> {
  const { Properties, Metadata } = Resources[functionId] ?? {};
  for (const [name, declared] of Object.entries(
    (Properties.Environment?.Variables ?? {}) as Record<string, unknown>,
  )) {
    const value = Parameters[name] ?? declared;
    process.env[name] = typeof value === 'string' ? value : logicalIdIn(value);
  }
  const folder = join(dirname(template), Metadata?.['aws:asset:path'] ?? '');
  const { handler } = (await import(join(folder, 'index.cjs')).catch(
    () => import(join(folder, 'index.mjs')),
  )) as {
    handler: Handler;
  };
  return handler(event, { awsRequestId: randomUUID(), getRemainingTimeInMillis: () => 28_000 });
}

/** sam resolves a reference to a function to its logical id. */
function logicalIdIn(declared: unknown): string {
  return (declared as { Ref?: string }).Ref ?? '';
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const [path = '', search = ''] = (incoming.url ?? '').split('?');
  const route = routes.find((each) => each.method === incoming.method && each.pattern.test(path));
  if (!route) return void outgoing.writeHead(403).end('{"message":"Missing Authentication Token"}');
  const request = {
    method: route.method,
    path,
    search,
    headers: incoming.headers as Record<string, string>,
    body: await readText(incoming),
    routeKey: `${route.method} ${route.path}`,
    pathParameters: path.match(route.pattern)?.groups ?? {},
  };
  let authorizer: unknown;
  if (route.authorizer?.AuthorizerType === 'REQUEST') {
    const key = incoming.headers['x-api-key'];
    if (!key) return void outgoing.writeHead(401).end('{"message":"Unauthorized"}');
    const uri: { Ref?: string; 'Fn::GetAtt'?: [string] }[] = route.authorizer.AuthorizerUri['Fn::Join'][1];
    const functionId = uri.find((part) => part['Fn::GetAtt'])?.['Fn::GetAtt']?.[0] ?? '';
    const event = {
      ...samEvent(request),
      type: 'REQUEST',
      identitySource: [key],
      routeArn: 'arn:aws:execute-api',
    };
    const answer = (await invoke(functionId, event)) as { isAuthorized: boolean; context?: unknown };
    if (!answer.isAuthorized) return void outgoing.writeHead(403).end('{"message":"User is not authorized"}');
    authorizer = answer.context;
  }
  const event = samEvent({ ...request, ...(authorizer !== undefined && { authorizer }) });
  const { statusCode, headers, body } = (await invoke(route.functionId, event)) as {
    statusCode: number;
    headers: Record<string, string>;
    body: string;
  };
  outgoing.writeHead(statusCode, headers).end(body);
}

// The credentials and the region that botocore finds for sam itself, and what sam gives functions where there are none
// (samcli/local/lambdafn/env_vars.py). It cannot imitate profiles; botocore reads no AWS_REGION.
const { env } = process;
Object.assign(env, {
  AWS_ACCESS_KEY_ID: env.AWS_ACCESS_KEY_ID ?? 'defaultkey',
  AWS_SECRET_ACCESS_KEY: env.AWS_SECRET_ACCESS_KEY ?? 'defaultsecret',
  AWS_REGION: env.AWS_DEFAULT_REGION ?? 'us-east-1',
});

if (command === 'local start-lambda') {
  createInvokeApi({ invoke, queue: eventQueue(invoke) }).listen(Number(values.port), String(values.host));
}
const server = createServer(
  (incoming, outgoing) =>
    void serve(incoming, outgoing).catch((error) => {
      process.stderr.write(`${String(error)}\n`);
      outgoing.writeHead(502).end('{"message":"Internal server error"}');
    }),
);
if (command === 'local start-api') {
  server.listen(Number(values.port), String(values.host), () => process.stdout.write('sam is listening\n'));
}
process.once('SIGTERM', () => process.exit(0));
