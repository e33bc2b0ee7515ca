import { ParleyError } from './errors.ts';

/** Who is calling, from a verified credential and from nowhere else. */
export interface User {
  readonly kind: 'user';
  readonly userId: string;
  readonly brandId: string | null;
  readonly roles: readonly string[];
  readonly companyIds: readonly number[];
}

/** The roles of staff; who has none of them is a member. */
export const STAFF_ROLES: readonly string[] = ['coach', 'admin'];

export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** The holder of an API key: one user of one organization. */
export interface KeyHolder {
  readonly kind: 'key-holder';
  readonly keyId: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly scopes: readonly Scope[];
}

/** The owner of everything an operation touches, and who acts: the two parts an Idempotency-Key is scoped to. */
export interface Tenancy {
  readonly tenant: { readonly kind: 'BRAND' | 'COMPANY' | 'ORGANIZATION'; readonly id: string };
  readonly caller: string;
}

/** The brand of a token, and the user within it. */
export interface BrandScope extends Tenancy {
  readonly brandId: string;
  readonly userId: string;
}

/** @throws ParleyError missing_brand_context when the token names no brand */
export function brandScope({ brandId, userId }: User): BrandScope {
  if (brandId === null) throw new ParleyError('missing_brand_context', 'The token names no brand');
  return { tenant: { kind: 'BRAND', id: brandId }, caller: userId, brandId, userId };
}
