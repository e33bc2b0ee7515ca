import type { Context } from '../domain/context.ts';
import { deploymentSecret } from '../secrets/secret.ts';

const key = deploymentSecret({
  variable: 'MODEL_KEY_SECRET',
  notSet: (id) =>
    `The model's key is not set: aws secretsmanager put-secret-value --secret-id ${id} --secret-string <key>`,
});

/**
 * The model's API key, from the deployment's secret.
 *
 * @throws ParleyError internal_error with the command that sets the key, where it is not set
 */
export function modelKey(context: Context): Promise<string> {
  return key.read(context);
}

/** Makes the next call read the key again. */
export function forgetModelKey(): void {
  key.forget();
}
