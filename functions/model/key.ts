import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';

/** How long a key is used before it is read again: a new one is in use everywhere that much later. */
const KEEP_MS = 5 * 60_000;

let kept: { readonly key: string; readonly untilMs: number } | undefined;

/**
 * The model's API key, from the deployment's secret. It is read when a model is asked, never kept for longer than five
 * minutes, and a failure to read it is not kept at all.
 *
 * @throws ParleyError internal_error with the command that sets the key, where it is not set
 */
export async function modelKey(context: Context): Promise<string> {
  if (kept && context.now() < kept.untilMs) return kept.key;
  const key = await readSecret(process.env.MODEL_KEY_SECRET ?? '');
  kept = { key, untilMs: context.now() + KEEP_MS };
  return key;
}

/** Makes the next call read the key again. */
export function forgetModelKey(): void {
  kept = undefined;
}

/** Loaded on first use, like the model's SDK: functions that ask a model also do without one. */
async function readSecret(id: string): Promise<string> {
  const { SecretsManager, ResourceNotFoundException } = await import('@aws-sdk/client-secrets-manager');
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };
  try {
    const { SecretString } = await new SecretsManager({ requestHandler }).getSecretValue({ SecretId: id });
    return SecretString?.trim() || Promise.reject(notSet(id));
  } catch (cause) {
    throw cause instanceof ResourceNotFoundException ? notSet(id) : cause;
  }
}

/** A secret that was never given a value answers like one that does not exist. */
function notSet(id: string): ParleyError {
  const command = `aws secretsmanager put-secret-value --secret-id ${id} --secret-string <key>`;
  return new ParleyError('internal_error', `The model's key is not set: ${command}`);
}
