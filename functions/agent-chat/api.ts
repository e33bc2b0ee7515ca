import { ParleyError } from '../domain/errors.ts';
import type { KeyHolder, Scope, Tenancy } from '../domain/principal.ts';
import type { Api } from '../http/endpoint.ts';

/** An organization's agents, called with an API key. */
export const agentStudio: Api<'api-key'> = { name: 'agent-studio', auth: 'api-key', errors: 'detail' };

/** The organization and user of the key. */
export interface OrganizationScope extends Tenancy {
  readonly organizationId: string;
  readonly userId: string;
}

/**
 * What a key holder may work on. `admin` includes the other scopes.
 *
 * @throws ParleyError forbidden when the key lacks the scope
 */
export function organizationScope(holder: KeyHolder, needed: Scope): OrganizationScope {
  if (!holder.scopes.includes(needed) && !holder.scopes.includes('admin')) {
    throw new ParleyError('forbidden', `The API key lacks the scope ${needed}`);
  }
  const { organizationId, userId } = holder;
  return { tenant: { kind: 'ORGANIZATION', id: organizationId }, caller: userId, organizationId, userId };
}
