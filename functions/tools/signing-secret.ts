import { createHmac } from 'node:crypto';
import type { Context } from '../domain/context.ts';
import { deploymentSecret } from '../secrets/secret.ts';

const master = deploymentSecret({
  variable: 'TOOL_SIGNING_SECRET',
  notSet: (id) => `The secret ${id} has no value: docs/operations.md says how to give it one`,
});

/**
 * The secret with which calls of an organization's tools are signed.
 *
 * @throws ParleyError internal_error where the deployment's own secret has no value
 */
export async function signingSecretOf(organizationId: string, context: Context): Promise<string> {
  return signingSecret(await master.read(context), organizationId);
}

/**
 * An organization's signing secret as Standard Webhooks write one: `whsec_` and 256 bits in base64. It follows from the
 * deployment's secret, so there is none to store for each organization, and none tells anything of another.
 */
export function signingSecret(deploymentsSecret: string, organizationId: string): string {
  const key = createHmac('sha256', deploymentsSecret).update(`tools of ${organizationId}`).digest('base64');
  return `whsec_${key}`;
}
