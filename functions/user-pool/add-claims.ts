import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { claimNames, userOf } from '../http/claims.ts';
import { USER_ATTRIBUTES } from './user-attributes.ts';

/**
 * Cognito's trigger before it makes tokens (event version 2, which may change access tokens): puts brand, roles and
 * companies into the access token, under the deployment's claim names. Roles are the user's groups.
 *
 * @throws ParleyError when the pool holds an attribute that no claim could have; the sign-in fails
 */
export async function addClaims(
  event: PreTokenGenerationV2TriggerEvent,
): Promise<PreTokenGenerationV2TriggerEvent> {
  const { userAttributes, groupConfiguration } = event.request;
  const said = {
    sub: userAttributes.sub,
    brand: userAttributes[`custom:${USER_ATTRIBUTES.brand}`],
    roles: groupConfiguration.groupsToOverride,
    companies: userAttributes[`custom:${USER_ATTRIBUTES.companies}`],
  };
  const { brandId, roles, companyIds } = userOf(said, SAID);
  const names = claimNames();
  const claims = [
    [names.brand, brandId],
    [names.roles, roles],
    [names.companies, companyIds],
  ] as const;
  const toAdd = claims.filter(([name, value]) => value !== null && value.length > 0 && !isCognitos(name));
  event.response = {
    claimsAndScopeOverrideDetails: {
      accessTokenGeneration: { claimsToAddOrOverride: Object.fromEntries(toAdd) as Record<string, string> },
    },
  };
  return event;
}

/** The names within `said`. */
const SAID = { brand: 'brand', roles: 'roles', companies: 'companies' };

/** Cognito's own claims are in the token already, and cannot be overridden. */
function isCognitos(name: string): boolean {
  return name.startsWith('cognito:');
}
