import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib/core';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { endpoints } from '../../functions/endpoints.ts';
import { TABLE } from '../../functions/store/table.ts';
import { ParleyStack } from '../../lib/parley-stack.ts';

const context = (JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')) as Cdk).context;
interface Cdk {
  readonly context: Readonly<Record<string, unknown>>;
}

function templateWith(overrides: Readonly<Record<string, unknown>> = {}): Template {
  const app = new App({ context: { ...context, ...overrides, 'aws:cdk:bundling-stacks': [] } });
  return Template.fromStack(new ParleyStack(app, 'Parley'));
}

// A template is JSON of CloudFormation's making; the tests below say what they expect of it.
// oxlint-disable-next-line typescript/no-explicit-any
type Resource = { Properties: any; DeletionPolicy?: string };
const template = templateWith();
const all = (type: string) => template.findResources(type) as Record<string, Resource>;
const [table] = Object.values(all('AWS::DynamoDB::GlobalTable'));
const logicalId = (reference: { 'Fn::GetAtt': [string, string] }) => reference['Fn::GetAtt'][0];

/** Follows a route to its function, role and log group. */
function wiringOf(routeKey: string) {
  const route = Object.values(all('AWS::ApiGatewayV2::Route')).find(
    ({ Properties }) => Properties.RouteKey === routeKey,
  );
  const integrationId: string = route?.Properties.Target['Fn::Join'][1].find(
    (part: unknown) => typeof part === 'object',
  ).Ref;
  const functionId = logicalId(
    all('AWS::ApiGatewayV2::Integration')[integrationId]?.Properties.IntegrationUri,
  );
  const lambda = all('AWS::Lambda::Function')[functionId]?.Properties;
  const role = all('AWS::IAM::Role')[logicalId(lambda.Role)]?.Properties;
  const logGroup = all('AWS::Logs::LogGroup')[lambda.LoggingConfig.LogGroup.Ref]?.Properties;
  const authorizer = all('AWS::ApiGatewayV2::Authorizer')[route?.Properties.AuthorizerId?.Ref]?.Properties;
  return { route: route?.Properties, functionId, lambda, role, logGroup, authorizer };
}

interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
}
const statementsOf = (role: Resource['Properties']): Statement[] =>
  role.Policies.flatMap(
    (policy: { PolicyDocument: { Statement: Statement[] } }) => policy.PolicyDocument.Statement,
  );

describe.each(endpoints.map((endpoint) => ({ endpoint, key: `${endpoint.method} ${endpoint.path}` })))(
  '$key',
  ({ endpoint, key }) => {
    const { route, lambda, role, logGroup, authorizer } = wiringOf(key);

    test('has the authorizer of its API', () => {
      const types = { jwt: 'JWT', 'api-key': 'REQUEST', none: undefined };
      expect(authorizer?.AuthorizerType).toBe(types[endpoint.api.auth]);
      expect(route.AuthorizationType).toBe(
        { jwt: 'JWT', 'api-key': 'CUSTOM', none: 'NONE' }[endpoint.api.auth],
      );
    });

    test('has a function that fits a new account and answers before the gateway gives up', () => {
      expect(lambda).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: 1_024,
        Handler: 'index.handler',
      });
      expect(lambda.Timeout).toBeLessThan(30);
      expect(lambda.Timeout).toBeGreaterThan(endpoint.asksModel ? 25 : 0);
      expect(lambda).not.toHaveProperty('ReservedConcurrentExecutions');
      expect(lambda).not.toHaveProperty('FunctionName');
      expect(Object.keys(lambda.Environment.Variables)).not.toContain('ANTHROPIC_BASE_URL');
    });

    test('keeps its logs for a month', () => {
      expect(logGroup.RetentionInDays).toBe(30);
    });

    test('may do with the table what it declares, and nothing else', () => {
      const tableArn = { 'Fn::GetAtt': [Object.keys(all('AWS::DynamoDB::GlobalTable'))[0], 'Arn'] };
      const allowed = statementsOf(role).flatMap(({ Action, Resource }) =>
        [Action].flat().map((action) => ({ action, resource: JSON.stringify(Resource) })),
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
      const onTable = allowed.filter(({ action }) => !action.startsWith('logs:'));
      expect(new Set(onTable)).toEqual(new Set(expected));
      expect(onTable).toHaveLength(expected.length);
      expect(role).not.toHaveProperty('ManagedPolicyArns');
      for (const { Resource } of statementsOf(role)) expect(JSON.stringify(Resource)).not.toContain('*');
    });
  },
);

describe('the stack', () => {
  test('has one route and one function for each operation, and no authorizer on /health alone', () => {
    const functions = new Set(endpoints.map(({ method, path }) => wiringOf(`${method} ${path}`).functionId));
    expect(functions.size).toBe(endpoints.length);
    template.resourceCountIs('AWS::ApiGatewayV2::Route', endpoints.length);
    template.resourceCountIs('AWS::Lambda::Function', endpoints.length + 1);
    const open = Object.values(all('AWS::ApiGatewayV2::Route')).filter(
      ({ Properties }) => !Properties.AuthorizerId,
    );
    expect(open.map(({ Properties }) => Properties.RouteKey)).toEqual(['GET /health']);
  });

  test('has a table on demand, recoverable, protected, encrypted, that forgets what has expired', () => {
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
    expect(table?.Properties).not.toHaveProperty('TableName');
    expect(table?.Properties.GlobalSecondaryIndexes).toEqual([
      expect.objectContaining({
        IndexName: 'gsi1',
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...TABLE.indexes.gsi1.attributes] },
      }),
    ]);
  });

  test('trusts the issuer and the audience of cdk.json, and caches API keys for a minute', () => {
    const [jwt, key] = ['JWT', 'REQUEST'].map((type) =>
      Object.values(all('AWS::ApiGatewayV2::Authorizer')).find(
        ({ Properties }) => Properties.AuthorizerType === type,
      ),
    );
    expect(jwt?.Properties.JwtConfiguration).toEqual({
      Issuer: context.jwtIssuer,
      Audience: context.jwtAudience,
    });
    expect(key?.Properties).toMatchObject({
      AuthorizerResultTtlInSeconds: 60,
      EnableSimpleResponses: true,
      IdentitySource: ['$request.header.x-api-key'],
    });
  });

  test('fits CloudFormation’s 500 resources with 60 operations', () => {
    const resources = Object.keys(template.toJSON().Resources).length;
    const forEach = ['Route', 'Integration'].length + ['Function', 'Permission', 'Role'].length;
    expect(resources + (60 - endpoints.length) * forEach).toBeLessThanOrEqual(450);
  });

  test.each([
    [{ jwtIssuer: '' }, 'jwtIssuer'],
    [{ jwtAudience: [] }, 'jwtAudience'],
    [{ defaultModel: 'other' }, 'defaultModel'],
    [{ modelMaxTokens: 0 }, 'modelMaxTokens'],
  ])('is not made with %j, and says what to set', (overrides, name) => {
    expect(() => templateWith(overrides)).toThrow(`The context value ${name} must be`);
  });
});
