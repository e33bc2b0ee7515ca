import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { acknowledge } from './checks.ts';

/** The secret from which every organization's key for signing calls of tools is made. Nobody has to know it. */
export function toolSigningSecret(scope: Construct): CfnSecret {
  const secret = new CfnSecret(scope, 'ToolSigning', {
    description: 'What Parley makes the keys from that calls of tools are signed with',
    generateSecretString: { passwordLength: 64, excludePunctuation: true },
  });
  acknowledge(
    secret,
    'AwsSolutions-SMG4',
    'Whoever runs a tool has to take over its new key: a renewal is agreed upon, it does not just happen.',
  );
  return secret;
}
