import { ParleyError } from '../domain/errors.ts';
import { type BrandScope, brandScope, STAFF_ROLES, type User } from '../domain/principal.ts';

/** A caller within the brand of the token. */
export interface AskScope extends BrandScope {
  /** Coaches and administrators see and answer every thread of their brand. */
  readonly isStaff: boolean;
}

/** @throws ParleyError missing_brand_context when the token names no brand */
export function askScope(user: User): AskScope {
  return { ...brandScope(user), isStaff: user.roles.some((role) => STAFF_ROLES.includes(role)) };
}

/**
 * Whether the caller may act for this member: members for themselves, staff for everybody in the brand.
 *
 * @throws ParleyError subject_mismatch
 */
export function mayActFor(scope: AskScope, memberUserId: string): AskScope {
  if (memberUserId === scope.userId || scope.isStaff) return scope;
  throw new ParleyError('subject_mismatch', 'member_user_id is not the authenticated user');
}
