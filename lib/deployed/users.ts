import { randomBytes } from 'node:crypto';
import {
  type AttributeType,
  CognitoIdentityProvider,
  UserNotFoundException,
  UsernameExistsException,
} from '@aws-sdk/client-cognito-identity-provider';
import { USER_ATTRIBUTES } from '../../functions/user-pool/user-attributes.ts';
import { Fault } from '../command/fault.ts';
import { onAws } from './aws.ts';
import type { DeployedStack } from './stack.ts';

/** What a user's access tokens shall say. */
interface UserClaims {
  readonly brandId: string | null;
  readonly roles: readonly string[];
  readonly companyIds: readonly number[];
}

/** Users of a stack's own pool, made for trying things. */
export interface TrialUsers {
  /** A fresh access token of the user of this name, who is made or changed to what the claims say. */
  token(name: string, claims: UserClaims): Promise<string>;
  remove(name: string): Promise<void>;
}

/** Trial users have names that no person gets: no person's password, groups or attributes are ever touched. */
const PREFIX = 'parley-trial-';

/** @throws Fault when the stack has no users of its own, because it trusts another issuer */
export function trialUsers(stack: DeployedStack): TrialUsers {
  const cognito = new CognitoIdentityProvider();
  const UserPoolId = poolOf(stack);
  const ClientId = stack.output('UserPoolClientId');
  return {
    token: (name, claims) => onAws(() => token(name, claims)),
    remove: (name) => onAws(() => remove(name)),
  };

  async function token(name: string, claims: UserClaims): Promise<string> {
    const user = { UserPoolId, Username: PREFIX + name };
    await cognito
      .adminCreateUser({ ...user, MessageAction: 'SUPPRESS' })
      .catch(unless(UsernameExistsException));
    await cognito.adminUpdateUserAttributes({ ...user, UserAttributes: attributesOf(claims) });
    await setGroups(user, claims.roles);
    const Password = newPassword();
    await cognito.adminSetUserPassword({ ...user, Password, Permanent: true });
    const { AuthenticationResult } = await cognito.adminInitiateAuth({
      UserPoolId,
      ClientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: user.Username, PASSWORD: Password },
    });
    if (!AuthenticationResult?.AccessToken) throw new Fault(`Cognito gave ${user.Username} no access token`);
    return AuthenticationResult.AccessToken;
  }

  async function setGroups(user: { UserPoolId: string; Username: string }, roles: readonly string[]) {
    const { Groups = [] } = await cognito.adminListGroupsForUser(user);
    const names = Groups.map(({ GroupName }) => GroupName ?? '');
    for (const GroupName of names.filter((each) => !roles.includes(each)))
      await cognito.adminRemoveUserFromGroup({ ...user, GroupName });
    for (const GroupName of roles.filter((each) => !names.includes(each)))
      await cognito.adminAddUserToGroup({ ...user, GroupName });
  }

  async function remove(name: string): Promise<void> {
    await cognito
      .adminDeleteUser({ UserPoolId, Username: PREFIX + name })
      .catch(unless(UserNotFoundException));
  }
}

function poolOf(stack: DeployedStack): string {
  try {
    return stack.output('UserPoolId');
  } catch (cause) {
    throw new Fault(`The stack ${stack.name} trusts another issuer: take a token from there`, { cause });
  }
}

/** An empty value removes an attribute. */
function attributesOf({ brandId, companyIds }: UserClaims): AttributeType[] {
  return [
    { Name: `custom:${USER_ATTRIBUTES.brand}`, Value: brandId ?? '' },
    { Name: `custom:${USER_ATTRIBUTES.companies}`, Value: companyIds.join(' ') },
  ];
}

/** 192 random bits, and one of each kind that the pool's policy wants. Nobody ever sees it. */
function newPassword(): string {
  return `${randomBytes(24).toString('base64url')}aA1!`;
}

function unless(expected: abstract new (...parameters: never[]) => Error) {
  return (error: unknown): void => {
    if (!(error instanceof expected)) throw error;
  };
}
