import { ParleyError } from '../domain/errors.ts';
import type { Tenancy, User } from '../domain/principal.ts';
import type { Api } from '../http/endpoint.ts';
import { schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';

/** A company talks to a marketing assistant. */
export const chat: Api<'jwt'> = { name: 'chat', auth: 'jwt', errors: 'detail' };

/** The company that a path or a query names. */
export const companyParameter = schema({
  type: 'object',
  properties: { company_id: field.integerId },
  required: ['company_id'],
});
/** The thread that a path names. */
export const threadParameter = schema({
  type: 'object',
  properties: { thread_id: field.uuid },
  required: ['thread_id'],
});
/** Which page of a list. */
export const pageQuery = schema({
  type: 'object',
  properties: { limit: field.limit, cursor: field.cursor },
});

/** The company that owns everything an operation touches. */
export interface CompanyScope extends Tenancy {
  readonly companyId: number;
}

/** @throws ParleyError forbidden when the company is not among the caller's */
export function companyScope({ userId, companyIds }: User, companyId: number): CompanyScope {
  if (!companyIds.includes(companyId))
    throw new ParleyError('forbidden', `Company ${companyId} is not yours`);
  return { tenant: { kind: 'COMPANY', id: String(companyId) }, caller: userId, companyId };
}

/** @throws ParleyError forbidden when the caller is not an administrator of the company */
export function companyAdminScope(user: User, companyId: number): CompanyScope {
  const scope = companyScope(user, companyId);
  if (!user.roles.includes('admin')) throw new ParleyError('forbidden', 'The role admin is required');
  return scope;
}
