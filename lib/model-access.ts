import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { acknowledge } from './checks.ts';
import type { Configuration } from './configuration.ts';
import { modelKeySecret } from './model-key.ts';
import { secretsStatement } from './permissions.ts';

/** How functions that ask the model are let in. */
export interface ModelAccess {
  /** The secret that takes the model's key, where there is one. */
  readonly key: CfnSecret | null;
  /** What tells functions which of the two it is. */
  readonly environment: Readonly<Record<string, string>>;
  /** What a function is allowed that asks the model, and reads these secrets besides. */
  readonly allow: (secrets: readonly CfnSecret[]) => readonly PolicyStatement[];
  /** Says of a role why what it is allowed is something that AWS advises against, where that is the model's doing. */
  readonly explain: (role: Construct, statements: readonly PolicyStatement[]) => void;
}

/** By a key, which is put into a secret; or with a workspace of Claude Platform on AWS by the functions' roles, without one. */
export function modelAccess(scope: Construct, { modelWorkspace }: Configuration): ModelAccess {
  return modelWorkspace === null ? byKey(modelKeySecret(scope)) : byRole(scope, modelWorkspace);
}

function byKey(key: CfnSecret): ModelAccess {
  return {
    key,
    environment: { MODEL_KEY_SECRET: key.ref },
    allow: (secrets) => [secretsStatement([key, ...secrets])],
    explain: () => {},
  };
}

function byRole(scope: Construct, workspace: string): ModelAccess {
  const statements = workspaceStatements(scope, workspace);
  return {
    key: null,
    environment: { MODEL_WORKSPACE: workspace },
    allow: (secrets) => [...(secrets.length > 0 ? [secretsStatement(secrets)] : []), ...statements],
    explain: (role, its) => {
      if (its.some((each) => statements.includes(each))) explainWildcards(role);
    },
  };
}

const SERVICE = 'aws-external-anthropic';

/**
 * `POST /v1/messages` of one workspace, which is bound to its region ("IAM actions for Claude Platform on AWS"). In answer
 * to it the service asks STS in the caller's name for the token by which Anthropic knows the account: AWS's own policy,
 * AnthropicInferenceAccess, allows that with these conditions. The two actions of STS have no type of resource
 * ("Actions, resources, and condition keys for AWS Security Token Service"): no ARN but `*` is sure to fit.
 */
function workspaceStatements(scope: Construct, workspace: string): PolicyStatement[] {
  const [service, resource, resourceName] = [SERVICE, 'workspace', workspace];
  const arnFormat = ArnFormat.SLASH_RESOURCE_NAME;
  const calledByService = { 'aws:CalledViaLast': `${SERVICE}.amazonaws.com` };
  return [
    new PolicyStatement({
      actions: [`${SERVICE}:CreateInference`],
      resources: [Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat })],
    }),
    new PolicyStatement({
      actions: ['sts:GetWebIdentityToken'],
      resources: ['*'],
      conditions: {
        'ForAnyValue:StringEquals': {
          'sts:IdentityTokenAudience': ['https://api.anthropic.com', 'https://platform.claude.com'],
        },
        StringEquals: calledByService,
      },
    }),
    new PolicyStatement({ actions: ['sts:TagGetWebIdentityToken'], resources: ['*'] }),
  ];
}

function explainWildcards(role: Construct): void {
  for (const rule of ['AwsSolutions-IAM5[Resource::*]', 'Serverless-LambdaStarPermissions'])
    acknowledge(
      role,
      rule,
      'A token of STS has no resource to name. It is asked for by Claude Platform on AWS alone, and is good for Anthropic alone.',
    );
}
