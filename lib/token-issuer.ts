import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Configuration } from './configuration.ts';
import { claimsEnvironment } from './function-environment.ts';
import type { Functions } from './functions.ts';
import { UserPool } from './user-pool.ts';

interface TokenIssuer {
  readonly jwt: NonNullable<Configuration['jwt']>;
  readonly users: UserPool | null;
  /** The trigger of the user pool. */
  readonly addClaims: IFunction | null;
}

/** Who issues tokens: the configured issuer, or else a user pool of the stack's own. */
export function tokenIssuer(
  scope: Construct,
  configuration: Configuration,
  functions: Functions,
): TokenIssuer {
  if (configuration.jwt) return { jwt: configuration.jwt, users: null, addClaims: null };
  const addClaims = functions.claimsTrigger(claimsEnvironment(configuration));
  const users = new UserPool(scope, 'Users', { configuration, addClaims });
  return { jwt: users.jwt, users, addClaims };
}
