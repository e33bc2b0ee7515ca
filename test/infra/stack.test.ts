import { describe, expect, test } from 'vitest';
import { ANSWER_WITHIN_MS, STORE_WITHIN_MS } from '../../functions/domain/limits.ts';
import { endpoints } from '../../functions/endpoints.ts';
import { invokesWorker } from '../../functions/http/endpoint.ts';
import { RESERVE_MS } from '../../functions/patience/pause.ts';
import { GIVE_UP_AFTER_MS } from '../../functions/patience/request-time.ts';
import { TABLE } from '../../functions/store/table.ts';
import { logicalId, type Resource, stackWith, statementsOf } from '../support/stack.ts';

const stack = stackWith();
const { all, properties, resources, outputs } = stack;

/** A function by the name of its bundle, which its logical id has without hyphens. */
function functionNamed(name: string): Resource['Properties'] {
  const start = `Functions${name.replaceAll('-', '')}`;
  return Object.entries(all('AWS::Lambda::Function')).find(([id]) => id.startsWith(start))?.[1].Properties;
}
const workerId =
  Object.keys(all('AWS::Lambda::Function')).find((id) => id.includes('makeanswer')) ?? 'there is none';

/** The model's key and what calls of tools are signed with. */
const secretIds = Object.keys(all('AWS::SecretsManager::Secret'));

/** Follows a route to its function, role and log group. */
function wiringOf(routeKey: string) {
  const route = Object.values(all('AWS::ApiGatewayV2::Route')).find(
    ({ Properties }) => Properties.RouteKey === routeKey,
  );
  const integrationId: string = route?.Properties.Target['Fn::Join'][1].find(
    (part: unknown) => typeof part === 'object',
  ).Ref;
  const integration = all('AWS::ApiGatewayV2::Integration')[integrationId]?.Properties;
  const functionId = logicalId(integration.IntegrationUri);
  const lambda = all('AWS::Lambda::Function')[functionId]?.Properties;
  const role = all('AWS::IAM::Role')[logicalId(lambda.Role)]?.Properties;
  const logGroup = all('AWS::Logs::LogGroup')[lambda.LoggingConfig.LogGroup.Ref]?.Properties;
  const authorizer = all('AWS::ApiGatewayV2::Authorizer')[route?.Properties.AuthorizerId?.Ref]?.Properties;
  return { route: route?.Properties, integration, functionId, lambda, role, logGroup, authorizer };
}

describe.each(endpoints.map((endpoint) => ({ endpoint, key: `${endpoint.method} ${endpoint.path}` })))(
  '$key',
  ({ endpoint, key }) => {
    const { route, integration, lambda, role, logGroup, authorizer } = wiringOf(key);

    test('has the authorizer of its API', () => {
      const types = { jwt: 'JWT', 'api-key': 'REQUEST', none: undefined };
      expect(authorizer?.AuthorizerType).toBe(types[endpoint.api.auth]);
      expect(route.AuthorizationType).toBe(
        { jwt: 'JWT', 'api-key': 'CUSTOM', none: 'NONE' }[endpoint.api.auth],
      );
    });

    test('has a function like all others', () => {
      expect(lambda).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 1_024,
        Handler: 'index.handler',
      });
    });

    test('has time limits that end from within: retries, function, gateway', () => {
      const slowest = endpoint.waits ? ANSWER_WITHIN_MS + STORE_WITHIN_MS : GIVE_UP_AFTER_MS + RESERVE_MS;
      expect(lambda.Timeout * 1_000).toBeGreaterThan(slowest);
      expect(lambda.Timeout * 1_000).toBeLessThan(integration.TimeoutInMillis ?? 30_000); // what it is by default
    });

    test('logs in JSON, without Lambda’s own lines about what went well, for a month', () => {
      expect(lambda.LoggingConfig).toMatchObject({ LogFormat: 'JSON', SystemLogLevel: 'WARN' });
      expect(logGroup.RetentionInDays).toBe(30);
    });

    test('may do with the table what it declares, invoke the worker if it starts turns, and nothing else', () => {
      const tableArn = { 'Fn::GetAtt': [Object.keys(all('AWS::DynamoDB::GlobalTable'))[0], 'Arn'] };
      const allowed = statementsOf(role).flatMap(({ Action, Resource }) =>
        [Action]
          .flat()
          .flatMap((action) => [Resource].flat().map((each) => ({ action, resource: JSON.stringify(each) }))),
      );
      const expected = [
        ...endpoint.access.table.map((action) => ({
          action: `dynamodb:${action}`,
          resource: JSON.stringify(tableArn),
        })),
        ...endpoint.access.indexes.map((index) => ({
          action: 'dynamodb:Query',
          resource: JSON.stringify({ 'Fn::Join': ['', [tableArn, `/index/${index}`]] }),
        })),
      ];
      const onTable = allowed.filter(({ action }) => action.startsWith('dynamodb:'));
      expect(new Set(onTable)).toEqual(new Set(expected));
      expect(onTable).toHaveLength(expected.length);
      const others = allowed.filter(({ action }) => !/^(?:dynamodb|logs):/u.test(action));
      const worker = JSON.stringify({ 'Fn::GetAtt': [workerId, 'Arn'] });
      expect(others).toEqual(
        invokesWorker(endpoint) ? [{ action: 'lambda:InvokeFunction', resource: worker }] : [],
      );
      expect(role).not.toHaveProperty('ManagedPolicyArns');
      for (const { Resource } of statementsOf(role)) expect(JSON.stringify(Resource)).not.toContain('*');
    });
  },
);

describe('the stack', () => {
  test('has one route and one function for each operation, and an authorizer wherever there is something to protect', () => {
    const functions = new Set(endpoints.map(({ method, path }) => wiringOf(`${method} ${path}`).functionId));
    expect(functions.size).toBe(endpoints.length);
    expect(properties('AWS::ApiGatewayV2::Route')).toHaveLength(endpoints.length);
    const others = Object.keys(all('AWS::Lambda::Function')).filter((id) => !functions.has(id));
    // the authorizer of API keys, the user pool's trigger, the worker, the one that writes titles, two that stream
    expect(others).toHaveLength(6);
    const open = properties('AWS::ApiGatewayV2::Route').filter(({ AuthorizerId }) => !AuthorizerId);
    expect(open.map(({ RouteKey }) => RouteKey as string)).toEqual([
      'GET /health',
      'GET /openapi.json',
      'GET /docs',
    ]);
  });

  test('has a table on demand, recoverable, protected, encrypted, that forgets what has expired', () => {
    const [table] = Object.values(all('AWS::DynamoDB::GlobalTable'));
    expect(table?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: TABLE.timeToLive, Enabled: true },
      Replicas: [
        {
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          DeletionProtectionEnabled: true,
        },
      ],
    });
    expect(table?.DeletionPolicy).toBe('Retain');
    // Without an SSESpecification DynamoDB encrypts with a key of its own.
    expect(table?.Properties).not.toHaveProperty('SSESpecification');
    expect(table?.Properties.GlobalSecondaryIndexes).toEqual(
      Object.keys(TABLE.indexes).map((IndexName) =>
        expect.objectContaining({ IndexName, Projection: { ProjectionType: 'ALL' } }),
      ),
    );
  });

  test('caches API keys for a minute', () => {
    const authorizers = properties('AWS::ApiGatewayV2::Authorizer');
    expect(authorizers.find(({ AuthorizerType }) => AuthorizerType === 'REQUEST')).toMatchObject({
      AuthorizerResultTtlInSeconds: 60,
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.x-api-key'],
    });
  });

  test('has a secret for the model’s key that nobody has made up, and no key anywhere else', () => {
    const [modelKey] = properties('AWS::SecretsManager::Secret');
    expect(outputs.ModelKeySecret?.Value).toEqual({ Ref: secretIds[0] });
    expect(Object.keys(modelKey)).toEqual(['Description']);
    for (const { Environment } of properties('AWS::Lambda::Function')) {
      expect(Object.keys(Environment.Variables as object).join()).not.toMatch(/ANTHROPIC|API_KEY/u);
    }
  });

  test('has a secret for signing calls of tools that AWS makes up, of more than 256 random bits', () => {
    const [, toolSigning] = properties('AWS::SecretsManager::Secret');
    expect(outputs.ToolSigningSecret?.Value).toEqual({ Ref: secretIds[1] });
    expect(toolSigning.GenerateSecretString).toEqual({ PasswordLength: 64, ExcludePunctuation: true });
    expect(toolSigning).not.toHaveProperty('SecretString');
  });

  test('says where it is', () => {
    expect(Object.keys(outputs).toSorted()).toEqual(
      [
        ...[
          'Url',
          'StreamUrl',
          'FollowUrl',
          'TableName',
          'ModelKeySecret',
          'ToolSigningSecret',
          'ClaimNames',
          'FailedTitles',
        ],
        ...['UserPoolId', 'UserPoolClientId'],
      ].toSorted(),
    );
  });
});

test('who makes answers settles a dead turn at once, or the next reader asks again', () => {
  const queued = properties('AWS::Lambda::EventInvokeConfig');
  expect(queued.find(({ FunctionName }) => FunctionName.Ref === workerId)).toMatchObject({
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  });
});

describe('who writes titles', () => {
  const { Role, DeadLetterConfig, Timeout } = functionNamed('write-title');
  const role = all('AWS::IAM::Role')[logicalId(Role)]?.Properties;

  test('is run once more where it fails, and then has its event in a dead-letter queue, over TLS only', () => {
    const [queueId = ''] = Object.keys(all('AWS::SQS::Queue'));
    expect(logicalId(DeadLetterConfig.TargetArn)).toBe(queueId);
    const queued = properties('AWS::Lambda::EventInvokeConfig');
    expect(queued).toHaveLength(2);
    const invocation = queued.find(({ FunctionName }) => FunctionName.Ref !== workerId);
    expect(invocation).toMatchObject({ MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 900 });
    expect(all('AWS::Lambda::Function')[invocation?.FunctionName.Ref]?.Properties.Role).toEqual(Role);
    const [{ PolicyDocument }] = properties('AWS::SQS::QueuePolicy');
    expect(JSON.stringify(PolicyDocument)).toContain('aws:SecureTransport');
    expect(Timeout).toBe(60);
  });

  test('reads the model’s key and no other secret', () => {
    const [statement, ...others] = statementsOf(role).filter(({ Action }) =>
      String(Action).startsWith('secrets'),
    );
    expect(others).toEqual([]);
    const modelKey = secretIds.find((id) => id.startsWith('ModelKey'));
    expect(statement?.Resource).toEqual({ Ref: modelKey });
  });

  test('is invoked by the two that make answers, and by nobody else', () => {
    const titleWriter = Object.keys(all('AWS::Lambda::Function')).find((id) => id.includes('writetitle'));
    const invokers = Object.values(all('AWS::Lambda::Function')).filter(({ Properties }) =>
      JSON.stringify(statementsOf(all('AWS::IAM::Role')[logicalId(Properties.Role)]?.Properties)).includes(
        String(titleWriter),
      ),
    );
    expect(invokers.map(({ Properties }) => Properties.Environment.Variables.WRITE_TITLE_FUNCTION)).toEqual([
      { Ref: titleWriter },
      { Ref: titleWriter },
    ]);
    expect(invokers.map(({ Properties }) => Properties.Timeout)).toEqual([900, 900]);
  });
});

test('who makes answers has fifteen minutes, and nobody else but who writes titles can read secrets', () => {
  const worker = all('AWS::Lambda::Function')[workerId]?.Properties;
  expect(worker.Timeout).toBe(900);
  const readers = Object.entries(all('AWS::IAM::Role')).filter(([, { Properties }]) =>
    statementsOf(Properties).some(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue')),
  );
  const streaming = functionNamed('turn-stream');
  expect(streaming.Timeout).toBe(900);
  const answering = [worker, streaming].map(({ Role }) => logicalId(Role));
  expect(readers.map(([id]) => id).toSorted()).toEqual(
    [...answering, logicalId(functionNamed('write-title').Role)].toSorted(),
  );
  expect(statementsOf(all('AWS::IAM::Role')[logicalId(worker.Role)]?.Properties)).toContainEqual(
    expect.objectContaining({
      Action: 'secretsmanager:GetSecretValue',
      Resource: secretIds.map((Ref) => ({ Ref })),
    }),
  );
  for (const { Environment } of properties('AWS::Lambda::Function')) {
    const { MAKE_ANSWER_FUNCTION: named, TABLE_NAME: table } = Environment.Variables;
    if (table && named) expect(named).toEqual({ Ref: workerId });
  }
});

describe('streams', () => {
  const urls = (each: ReturnType<typeof stackWith>) => each.properties('AWS::Lambda::Url');

  test('leave through function URLs, which check credentials themselves', () => {
    expect(urls(stack)).toHaveLength(2);
    for (const { AuthType, InvokeMode, Cors } of urls(stack))
      expect([AuthType, InvokeMode, Cors]).toEqual(['NONE', 'RESPONSE_STREAM', undefined]);
    const open = properties('AWS::Lambda::Permission').filter(({ Principal }) => Principal === '*');
    expect(open).toHaveLength(4);
    for (const { FunctionUrlAuthType, InvokedViaFunctionUrl } of open)
      expect(FunctionUrlAuthType === 'NONE' || InvokedViaFunctionUrl === true).toBe(true);
  });

  test('are followed by a small function for at most five minutes', () => {
    const { MemorySize, Timeout } = functionNamed('follow');
    expect([MemorySize, Timeout]).toEqual([256, 300]);
  });

  test('are open to the web pages that the API is open to', () => {
    const corsOrigins = ['https://app.example.com'];
    const open = stackWith({ corsOrigins });
    for (const { Cors } of urls(open)) {
      expect(Cors).toMatchObject({ AllowOrigins: corsOrigins, AllowMethods: ['GET', 'POST'] });
      expect(Cors.AllowHeaders).toEqual(
        expect.arrayContaining(['authorization', 'last-event-id', 'x-api-key']),
      );
    }
  });

  test('and everything else knows where the API is', () => {
    const url = JSON.stringify(outputs.Url?.Value);
    for (const name of ['turn-stream', 'conversations-append-message'])
      expect(JSON.stringify(functionNamed(name).Environment.Variables.API_URL)).toBe(url);
  });
});

describe('a new account', () => {
  test('has room for 60 operations: CloudFormation takes 500 resources', () => {
    const ofEach = ['Route', 'Integration', 'Function', 'Permission', 'Role'].length;
    const count = Object.keys(resources).length + (60 - endpoints.length) * ofEach;
    expect(count).toBeLessThanOrEqual(450);
  });

  test('has ten concurrent executions and 3,008 MB: no function asks for more, or for any of its own', () => {
    for (const lambda of properties('AWS::Lambda::Function')) {
      expect(lambda.MemorySize).toBeLessThanOrEqual(3_008);
      expect(lambda).not.toHaveProperty('ReservedConcurrentExecutions');
    }
    const types = new Set(Object.values(resources).map(({ Type }) => Type));
    expect(types).not.toContain('AWS::Lambda::Version'); // provisioned concurrency would need one
    expect(types).not.toContain('AWS::Lambda::Alias');
  });

  test('can have the stack twice: nothing has a name that must be the only one', () => {
    const fixed =
      /^(?:Function|Table|Role|Policy|LogGroup|Secret|UserPool|Client|Topic|Queue|Dashboard|Alarm|Bucket)Name$/u;
    for (const [id, { Type, Properties }] of Object.entries(resources)) {
      const names = Object.entries(Properties as object).filter(([name]) => fixed.test(name));
      expect(
        names.filter(([, value]) => typeof value === 'string'),
        id,
      ).toEqual([]);
      if (Type === 'AWS::SecretsManager::Secret') expect(Properties).not.toHaveProperty('Name');
    }
  });
});
