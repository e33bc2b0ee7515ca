import {
  AccountRecovery,
  ClientAttributes,
  UserPool as CognitoUserPool,
  FeaturePlan,
  LambdaVersion,
  Mfa,
  StringAttribute,
  type UserPoolClient,
  UserPoolOperation,
} from 'aws-cdk-lib/aws-cognito';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { STAFF_ROLES } from '../functions/domain/principal.ts';
import { USER_ATTRIBUTES } from '../functions/user-pool/user-attributes.ts';
import { acknowledge } from './checks.ts';
import type { Configuration } from './configuration.ts';
import { dataLifetime } from './lifetime.ts';

interface UserPoolProps {
  readonly configuration: Configuration;
  /** The trigger that puts brand, roles and companies into access tokens. */
  readonly addClaims: IFunction;
}

/** The longest text that Cognito keeps in an attribute. */
const ATTRIBUTE_CHARACTERS = 2_048;

/** Users of the deployment's own, where no other issuer is configured. Administrators make them, and say who they are. */
export class UserPool extends Construct {
  readonly pool: CognitoUserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, { configuration, addClaims }: UserPoolProps) {
    super(scope, id);
    const attribute = () => new StringAttribute({ mutable: true, maxLen: ATTRIBUTE_CHARACTERS });
    this.pool = new CognitoUserPool(this, 'Pool', {
      ...dataLifetime(configuration),
      featurePlan: FeaturePlan.ESSENTIALS, // the least that lets a trigger change access tokens
      selfSignUpEnabled: false,
      signInAliases: { username: true, email: true },
      customAttributes: Object.fromEntries(Object.values(USER_ATTRIBUTES).map((name) => [name, attribute()])),
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
    });
    acknowledge(
      this.pool,
      'AwsSolutions-COG2',
      'A second factor is offered; whether all must have one is for who runs the brand to decide.',
    );
    acknowledge(
      this.pool,
      'AwsSolutions-COG8',
      'Claims in access tokens need the Essentials plan, free for 10,000 users; Plus has no free users and nothing that is used here.',
    );
    this.pool.addTrigger(UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, addClaims, LambdaVersion.V2_0);
    const groups = STAFF_ROLES.map((role) => this.pool.addGroup(role, { groupName: role }));
    this.client = this.pool.addClient('Client', {
      // What a page or an app may do (SRP), and what `npm run token` does with AWS credentials.
      authFlows: { userSrp: true, adminUserPassword: true },
      disableOAuth: true,
      // Without this list a client may write every attribute: users could choose their own brand and companies.
      writeAttributes: new ClientAttributes().withStandardAttributes({ email: true, fullname: true }),
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    });
    // Who is in which group would be lost with the groups, and what apps are configured with with the client.
    for (const each of [...groups, this.client])
      each.applyRemovalPolicy(dataLifetime(configuration).removalPolicy);
  }

  /** What API Gateway and the functions must know to verify its tokens. */
  get jwt(): { issuer: string; audience: string[] } {
    const { region } = this.pool.env;
    const issuer = `https://cognito-idp.${region}.amazonaws.com/${this.pool.userPoolId}`;
    return { issuer, audience: [this.client.userPoolClientId] };
  }
}
