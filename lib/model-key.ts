import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from './checks.ts';

/**
 * The secret that holds the model's API key, without a value: CDK's own Secret would make up a random one, which looks
 * like a key and is refused by the model. Whoever deploys puts the key in, once.
 */
export function modelKeySecret(scope: Construct): CfnSecret {
  const description = 'The Anthropic API key that Parley asks with';
  const secret = new CfnSecret(scope, 'ModelKey', { description });
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'Anthropic has no API that renews a key: people do it, and functions take a new one within five minutes.',
  );
  return secret;
}
