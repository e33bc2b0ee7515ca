import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import { Fault } from '../command/fault.ts';
import { onAws } from './aws.ts';

/** What a secret of the caller's account holds. @throws Fault when it cannot be read, or holds nothing */
export function readSecret(id: string): Promise<string> {
  return onAws(async () => {
    const { SecretString } = await new SecretsManager().getSecretValue({ SecretId: id });
    if (!SecretString) throw new Fault(`The secret ${id} holds no text`);
    return SecretString.trim();
  });
}
