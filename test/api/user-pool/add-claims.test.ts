import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { claimNames, userOf } from '../../../functions/http/claims.ts';
import { startApi } from '../../support/api.ts';

const api = await startApi();
const sub = randomUUID();

/** Cognito's event before it makes the tokens of a sign-in, version 2. */
const eventOf = (attributes: Record<string, string>, groups: string[] = []) => ({
  version: '2',
  triggerSource: 'TokenGeneration_Authentication',
  region: 'eu-central-1',
  userPoolId: 'eu-central-1_AbCdEf123',
  userName: 'ada',
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'app-client' },
  request: {
    userAttributes: { sub, 'cognito:user_status': 'CONFIRMED', ...attributes },
    groupConfiguration: { groupsToOverride: groups, iamRolesToOverride: [], preferredRole: null },
    scopes: ['aws.cognito.signin.user.admin'],
  },
  response: { claimsAndScopeOverrideDetails: null },
});

async function claimsFor(attributes: Record<string, string>, groups?: string[]) {
  const answer = (await api.handler('add-claims')(eventOf(attributes, groups))) as {
    response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride: object } } };
  };
  return answer.response.claimsAndScopeOverrideDetails.accessTokenGeneration.claimsToAddOrOverride;
}

describe('the claims of an access token', () => {
  afterEach(() => {
    for (const name of ['BRAND', 'ROLES', 'COMPANIES']) delete process.env[`JWT_${name}_CLAIM`];
  });

  test('are the user’s brand, groups as roles, and companies', async () => {
    const claims = await claimsFor({ 'custom:brand_id': 'acme', 'custom:company_ids': '42 7' }, [
      'coach',
      'admin',
    ]);
    expect(claims).toEqual({ brand_id: 'acme', roles: ['coach', 'admin'], company_ids: [42, 7] });
  });

  test('are what the API makes the same user of', async () => {
    const attributes = { 'custom:brand_id': 'acme', 'custom:company_ids': '42,7' };
    expect(userOf({ sub, ...(await claimsFor(attributes, ['coach'])) }, claimNames({}))).toMatchObject({
      userId: sub,
      brandId: 'acme',
      roles: ['coach'],
      companyIds: [42, 7],
    });
  });

  test('are left out where the user has none', async () => {
    expect(await claimsFor({})).toEqual({});
    expect(await claimsFor({ 'custom:brand_id': '', 'custom:company_ids': ' ' })).toEqual({});
  });

  test('have the deployment’s names, and leave Cognito’s own alone', async () => {
    process.env.JWT_BRAND_CLAIM = 'tenant';
    process.env.JWT_ROLES_CLAIM = 'cognito:groups';
    expect(await claimsFor({ 'custom:brand_id': 'acme' }, ['coach'])).toEqual({ tenant: 'acme' });
  });

  test('cannot be chosen by other attributes of the user', async () => {
    expect(await claimsFor({ brand_id: 'theirs', roles: 'admin', 'custom:roles': 'admin' })).toEqual({});
  });
});
