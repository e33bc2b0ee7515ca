import type { Context } from '../domain/context.ts';
import { ParleyError } from '../domain/errors.ts';

/** How long a secret is used before it is read again: a new one is in use everywhere that much later. */
const KEEP_MS = 5 * 60_000;

/** A secret of the deployment. */
export interface Secret {
  /** @throws ParleyError internal_error where it has no value */
  read(context: Context): Promise<string>;
  /** Makes the next call read it again. */
  forget(): void;
}

interface Named {
  /** The environment variable that says which secret it is. */
  readonly variable: string;
  /** What to tell whoever reads the log when the secret of this id has no value. */
  readonly notSet: (id: string) => string;
}

/**
 * A secret that is read when it is needed, never kept for longer than five minutes, and a failure to read it is not kept
 * at all.
 */
export function deploymentSecret({ variable, notSet }: Named): Secret {
  let kept: { readonly value: string; readonly untilMs: number } | undefined;
  return {
    read: async (context) => {
      if (kept && context.now() < kept.untilMs) return kept.value;
      const id = process.env[variable] ?? '';
      const value = await valueOf(id);
      if (value === null) throw new ParleyError('internal_error', notSet(id), { fault: 'configuration' });
      kept = { value, untilMs: context.now() + KEEP_MS };
      return value;
    },
    forget: () => {
      kept = undefined;
    },
  };
}

/** The client is loaded on first use, like the model's: functions that read secrets also do without. */
async function valueOf(id: string): Promise<string | null> {
  const { SecretsManager, ResourceNotFoundException } = await import('@aws-sdk/client-secrets-manager');
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true };
  try {
    const { SecretString } = await new SecretsManager({ requestHandler }).getSecretValue({ SecretId: id });
    return SecretString?.trim() || null;
  } catch (error) {
    // A secret that was never given a value answers like one that does not exist.
    if (error instanceof ResourceNotFoundException) return null;
    throw error;
  }
}
