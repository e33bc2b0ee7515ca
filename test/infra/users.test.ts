import { describe, expect, test } from 'vitest';
import { stackWith } from '../support/stack.ts';

const jwtAuthorizer = ({ properties }: ReturnType<typeof stackWith>) =>
  properties('AWS::ApiGatewayV2::Authorizer').find(({ AuthorizerType }) => AuthorizerType === 'JWT');

describe('without an issuer, the stack has users of its own', () => {
  const stack = stackWith();
  const { all, only, properties } = stack;
  const [poolId = '', pool] = Object.entries(all('AWS::Cognito::UserPool'))[0] ?? [];
  const [clientId = '', client] = Object.entries(all('AWS::Cognito::UserPoolClient'))[0] ?? [];

  test('that administrators make, with the claims they give them', () => {
    expect(pool?.Properties).toMatchObject({
      UserPoolTier: 'ESSENTIALS',
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      Schema: [
        { Name: 'brand_id', AttributeDataType: 'String', Mutable: true },
        { Name: 'company_ids', AttributeDataType: 'String', Mutable: true },
      ],
    });
    const groups = properties('AWS::Cognito::UserPoolGroup').map(({ GroupName }) => GroupName as string);
    expect(groups.toSorted()).toEqual(['admin', 'coach']);
  });

  test('that cannot write their own brand and companies, nor go through OAuth', () => {
    expect(client?.Properties.WriteAttributes).toEqual(['email', 'name']);
    expect(client?.Properties.AllowedOAuthFlowsUserPoolClient).toBe(false);
    expect(client?.Properties).not.toHaveProperty('AllowedOAuthFlows');
    expect(client?.Properties.ExplicitAuthFlows.toSorted()).toEqual([
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
      'ALLOW_USER_SRP_AUTH',
    ]);
  });

  test('whose access tokens a trigger completes, which may do nothing else', () => {
    const { LambdaArn, LambdaVersion } = only('AWS::Cognito::UserPool').LambdaConfig.PreTokenGenerationConfig;
    expect(LambdaVersion).toBe('V2_0');
    const trigger = all('AWS::Lambda::Function')[LambdaArn['Fn::GetAtt'][0]]?.Properties;
    expect(trigger.Timeout).toBeLessThanOrEqual(5); // Cognito waits no longer
    expect(Object.keys(trigger.Environment.Variables as object).toSorted()).toEqual([
      'JWT_BRAND_CLAIM',
      'JWT_COMPANIES_CLAIM',
      'JWT_ROLES_CLAIM',
    ]);
    const role = all('AWS::IAM::Role')[trigger.Role['Fn::GetAtt'][0]]?.Properties;
    const allowed = JSON.stringify(
      role.Policies[0].PolicyDocument.Statement.map((each: { Action: unknown }) => each.Action),
    );
    expect(allowed).toBe('[["logs:CreateLogStream","logs:PutLogEvents"]]');
    const permissions = properties('AWS::Lambda::Permission').filter(
      ({ Principal }) => Principal === 'cognito-idp.amazonaws.com',
    );
    expect(permissions).toEqual([
      expect.objectContaining({ SourceArn: { 'Fn::GetAtt': [poolId, 'Arn'] }, FunctionName: LambdaArn }),
    ]);
  });

  test('that outlive the stack: pool, client and groups stay, and the pool is protected', () => {
    expect(pool?.Properties.DeletionProtection).toBe('ACTIVE');
    const kept = [pool, client, ...Object.values(all('AWS::Cognito::UserPoolGroup'))];
    expect(kept.map((each) => each?.DeletionPolicy)).toEqual(kept.map(() => 'Retain'));
  });

  test('whose tokens the API takes, and no others', () => {
    expect(jwtAuthorizer(stack).JwtConfiguration).toEqual({
      Issuer: {
        'Fn::Join': [
          '',
          ['https://cognito-idp.', { Ref: 'AWS::Region' }, '.amazonaws.com/', { Ref: poolId }],
        ],
      },
      Audience: [{ Ref: clientId }],
    });
    expect(only('AWS::ApiGatewayV2::Api')).toBeDefined();
  });
});

describe('with an issuer and an audience, the stack', () => {
  const stack = stackWith({ jwtIssuer: 'https://issuer.example.com/', jwtAudience: ['parley', 'app'] });

  test('trusts them', () => {
    expect(jwtAuthorizer(stack).JwtConfiguration).toEqual({
      Issuer: 'https://issuer.example.com/',
      Audience: ['parley', 'app'],
    });
  });

  test('has no users of its own', () => {
    const types = Object.values(stack.resources).map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('AWS::Cognito'))).toEqual([]);
    expect(Object.keys(stack.outputs)).not.toContain('UserPoolId');
    expect(JSON.stringify(stack.resources)).not.toContain('add-claims');
  });
});
