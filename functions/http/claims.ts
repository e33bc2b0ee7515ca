import { ParleyError } from '../domain/errors.ts';
import { ID_BYTES } from '../domain/limits.ts';
import type { User } from '../domain/principal.ts';
import { wordsOf } from '../domain/words.ts';

/** The claims of a verified token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Which claims say what; configuration, because issuers differ. */
export interface ClaimNames {
  readonly brand: string;
  readonly roles: string;
  readonly companies: string;
}

export function claimNames(env: NodeJS.ProcessEnv = process.env): ClaimNames {
  return {
    brand: env.JWT_BRAND_CLAIM || 'brand_id',
    roles: env.JWT_ROLES_CLAIM || 'roles',
    companies: env.JWT_COMPANIES_CLAIM || 'company_ids',
  };
}

/**
 * The user of a verified token. Cognito's own names are understood beside the configured ones: `custom:<name>` for an
 * attribute, `cognito:groups` for roles.
 *
 * @throws ParleyError unauthorized when the token names no subject
 */
export function userOf(claims: Claims, names: ClaimNames): User {
  const { sub } = claims;
  if (typeof sub !== 'string' || sub === '')
    throw new ParleyError('unauthorized', 'The token names no subject');
  const brand = claims[names.brand] ?? claims[`custom:${names.brand}`];
  const roles = claims[names.roles] ?? claims[`custom:${names.roles}`] ?? claims['cognito:groups'];
  if ([sub, brand].some((id) => typeof id === 'string' && Buffer.byteLength(id) > ID_BYTES)) {
    throw new ParleyError('unauthorized', `The token's subject or brand is longer than ${ID_BYTES} bytes`);
  }
  const companies = claims[names.companies] ?? claims[`custom:${names.companies}`];
  return {
    kind: 'user',
    userId: sub,
    brandId: brandOf(brand),
    roles: listOf(roles).filter((role) => typeof role === 'string'),
    companyIds: listOf(companies).filter(isCompanyId).map(Number),
  };
}

/** An integer from 0 to 2^53-1 counts as its decimal text; what is no id at all is no brand. */
function brandOf(claim: unknown): string | null {
  if (typeof claim === 'number') return Number.isSafeInteger(claim) && claim >= 0 ? String(claim) : null;
  return typeof claim === 'string' && claim !== '' ? claim : null;
}

/** A JSON array as it is; a plain string split at spaces and commas, as Cognito attributes hold lists. */
function listOf(claim: unknown): readonly unknown[] {
  if (Array.isArray(claim)) return claim;
  if (typeof claim === 'number') return [claim];
  return typeof claim === 'string' ? wordsOf(claim) : [];
}

/** 0..2^53-1, as a number or in decimal digits; Cognito attributes are texts. */
function isCompanyId(claim: unknown): boolean {
  const isDecimal = typeof claim === 'number' || (typeof claim === 'string' && /^\d+$/u.test(claim));
  return isDecimal && Number.isSafeInteger(Number(claim)) && Number(claim) >= 0;
}
