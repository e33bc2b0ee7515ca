import { ParleyError } from '../domain/errors.ts';
import { type BrandScope, brandScope, STAFF_ROLES, type User } from '../domain/principal.ts';
import type { AskThread } from '../domain/threads.ts';

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

/** @throws ParleyError forbidden when the caller has no role of staff in the brand of the token */
export function staffScope(user: User): AskScope {
  const scope = askScope(user);
  if (!scope.isStaff) throw new ParleyError('forbidden', 'The role coach or admin is required');
  return scope;
}

/** Who a caller is in a thread: its member, staff, or nobody, to whom it does not exist. */
export function roleIn(thread: AskThread, { userId, isStaff }: AskScope): 'member' | 'coach' | null {
  if (thread.memberUserId === userId) return 'member';
  return isStaff ? 'coach' : null;
}
