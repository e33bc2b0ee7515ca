import { describe, expect, onTestFinished, test } from 'vitest';
import { LOCAL_TOOLS_VARIABLE } from '../../functions/tools/url.ts';
import { stackWith } from '../support/stack.ts';

const variablesOf = ({ properties }: ReturnType<typeof stackWith>) =>
  properties('AWS::Lambda::Function').map(
    ({ Environment }) => Environment.Variables as Record<string, unknown>,
  );

test.each([
  [{ jwtIssuer: 'https://issuer.example.com/' }, 'jwtAudience'],
  [{ jwtAudience: ['parley'] }, 'jwtIssuer'],
  [{ defaultModel: 'other' }, 'defaultModel'],
  [{ modelProvider: 'bedrock' }, 'modelProvider'],
  [{ modelProvider: '' }, 'modelProvider'],
  [{ modelProvider: 'claude-on-aws' }, 'modelWorkspace'],
  [{ modelProvider: 'claude-on-aws', modelWorkspace: '' }, 'modelWorkspace'],
  [{ modelProvider: 'claude-on-aws', modelWorkspace: 'wrkspc_*' }, 'modelWorkspace'],
  [{ modelProvider: 'claude-on-aws', modelWorkspace: 'arn:aws:x:workspace/wrkspc_1' }, 'modelWorkspace'],
  [{ modelWorkspace: 'wrkspc_01AbCdEf23GhIj' }, 'modelWorkspace'],
  [{ modelMaxTokens: 0 }, 'modelMaxTokens'],
  [{ modelPrices: '2 / 10' }, 'modelPrices'],
  [{ modelPrices: { 'claude-sonnet-5-5': { input: 2 } } }, 'modelPrices'],
  [{ modelPrices: { 'claude-sonnet-5-5': { input: 2, output: '10' } } }, 'modelPrices'],
  [{ modelPrices: { 'claude-sonnet-5-5': { input: 2, output: -10 } } }, 'modelPrices'],
  [{ modelPrices: { 'claude-sonnet-5-5': { input: 2, output: 0.0001 } } }, 'modelPrices'],
  [{ modelPrices: { 'claude-sonnet-5-5': { input: 2, output: 10, cached: 1 } } }, 'modelPrices'],
  [
    { modelPrices: { 'claude-sonnet-5-5': { input: 2, output: 10, above: { input: 1, output: 1 } } } },
    'modelPrices',
  ],
  [{ tokenBudget: 'much' }, 'tokenBudget'],
  [{ tokenBudgetPerUser: 0 }, 'tokenBudgetPerUser'],
  [{ corsOrigins: ['app.example.com'] }, 'corsOrigins'],
  [{ corsOrigins: ['https://app.example.com/'] }, 'corsOrigins'],
  [{ throttleRate: 'many' }, 'throttleRate'],
  [{ throttleBurst: -1 }, 'throttleBurst'],
  [{ ephemeral: 'yes' }, 'ephemeral'],
  [{ arch: 'mips' }, 'arch'],
])('%j makes no stack, and says what to set', (overrides, name) => {
  expect(() => stackWith(overrides)).toThrow(`The context value ${name} must be`);
});

test('token budgets reach every function, and where there is none nothing is limited', () => {
  const budgetsIn = (variables: Record<string, unknown>) => [
    variables.TOKEN_BUDGET,
    variables.TOKEN_BUDGET_PER_USER,
  ];
  const limited = variablesOf(stackWith({ tokenBudget: '100000', tokenBudgetPerUser: 5_000 }));
  const makers = limited.filter((variables) => 'MODELS' in variables);
  expect(makers.length).toBeGreaterThan(10);
  for (const variables of makers) expect(budgetsIn(variables)).toEqual(['100000', '5000']);
  for (const variables of variablesOf(stackWith()))
    expect(budgetsIn(variables)).toEqual([undefined, undefined]);
});

describe('the stage', () => {
  test('is the default one, throttles, and deploys by itself', () => {
    const { only } = stackWith({ throttleRate: '7', throttleBurst: 9 });
    expect(only('AWS::ApiGatewayV2::Stage')).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 7, ThrottlingBurstLimit: 9 },
    });
  });

  test('logs each access in a line of JSON, with nothing that a client wrote', () => {
    const { only } = stackWith();
    const { AccessLogSettings } = only('AWS::ApiGatewayV2::Stage');
    const line = JSON.parse(AccessLogSettings.Format as string) as Record<string, string>;
    expect(Object.values(line)).toEqual(
      expect.arrayContaining(['$context.requestId', '$context.routeKey', '$context.status']),
    );
    const told = /path|query|header|claims|authorizer\.(?!error)|identity\.(?!sourceIp)|domain/iu;
    expect(Object.values(line).filter((value) => told.test(value))).toEqual([]);
    expect(AccessLogSettings.DestinationArn).toBeDefined();
  });
});

describe('CORS', () => {
  test('is off as long as no origin is configured', () => {
    expect(stackWith().only('AWS::ApiGatewayV2::Api')).not.toHaveProperty('CorsConfiguration');
  });

  test('lets pages of the configured origins send and read what clients need', () => {
    const { only } = stackWith({ corsOrigins: 'https://app.example.com http://localhost:5173' });
    expect(only('AWS::ApiGatewayV2::Api').CorsConfiguration).toEqual({
      AllowOrigins: ['https://app.example.com', 'http://localhost:5173'],
      AllowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
      AllowHeaders: [
        'authorization',
        'content-type',
        'x-api-key',
        'x-anon-user-id',
        'idempotency-key',
        'if-match',
        'last-event-id',
      ],
      ExposeHeaders: ['x-request-id', 'x-next-cursor', 'idempotency-replayed', 'etag', 'retry-after'],
      MaxAge: 3_600,
    });
  });
});

test('an ephemeral stack leaves nothing behind', () => {
  const { resources, only } = stackWith({ ephemeral: 'true', alarmEmail: 'a@example.com' });
  const kept = Object.values(resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
  expect(kept).toEqual([]);
  expect(only('AWS::DynamoDB::GlobalTable').Replicas[0].DeletionProtectionEnabled).toBe(false);
  expect(only('AWS::Cognito::UserPool').DeletionProtection).not.toBe('ACTIVE');
});

test('a stack can take over a table that was restored: its functions use that one, and it makes none', () => {
  const { all, outputs, properties } = stackWith({ tableName: 'parley-restored' });
  expect(all('AWS::DynamoDB::GlobalTable')).toEqual({});
  expect(outputs.TableName?.Value).toBe('parley-restored');
  const roles = JSON.stringify(properties('AWS::IAM::Role'));
  expect(roles).toContain(':table/parley-restored"');
  expect(roles).toContain(':table/parley-restored/index/gsi1"');
});

test('no template lets tools be on the machine that functions run on, whatever is configured', () => {
  const wishes = { ALLOW_LOCAL_TOOLS: 'true', allowLocalTools: true, 'allow-local-tools': 'true' };
  process.env[LOCAL_TOOLS_VARIABLE] = 'true';
  onTestFinished(() => void delete process.env[LOCAL_TOOLS_VARIABLE]);
  for (const overrides of [
    {},
    { local: 'true' },
    { jwtIssuer: 'https://issuer.example.com/', jwtAudience: ['parley'], corsOrigins: '*' },
    { ephemeral: 'true', alarmEmail: 'a@example.com', tableName: 'parley-restored' },
  ]) {
    const { resources, outputs } = stackWith({ ...overrides, ...wishes });
    expect(JSON.stringify({ resources, outputs })).not.toMatch(/local.?tools/iu);
  }
});

describe('a template for sam local', () => {
  const LOCAL = [
    'AWS_ENDPOINT_URL_DYNAMODB',
    'AWS_ENDPOINT_URL_LAMBDA',
    'AWS_ENDPOINT_URL_SECRETS_MANAGER',
    'ANTHROPIC_BASE_URL',
    'JWT_JWKS',
  ];

  test('declares what points to this machine, on this machine’s processor', () => {
    const local = stackWith({ local: 'true', arch: 'x86_64' });
    const asking = variablesOf(local).filter((variables) => 'TABLE_NAME' in variables);
    for (const variables of asking) expect(Object.keys(variables)).toEqual(expect.arrayContaining(LOCAL));
    for (const { Architectures } of local.properties('AWS::Lambda::Function'))
      expect(Architectures).toEqual(['x86_64']);
  });

  test('is another than one to deploy, which declares none of that', () => {
    for (const variables of variablesOf(stackWith())) {
      expect(Object.keys(variables).filter((name) => LOCAL.includes(name))).toEqual([]);
      expect(Object.keys(variables).join()).not.toMatch(/ENDPOINT_URL|BASE_URL/u);
    }
  });
});
