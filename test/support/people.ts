import { randomUUID } from 'node:crypto';
import type { Scope } from '../../functions/domain/principal.ts';
import type { AnyOperation } from '../../functions/http/endpoint.ts';
import type { Api } from './api.ts';

/** Someone with a token and an API key: one of them opens any operation. */
export interface Person {
  readonly userId: string;
  readonly brandId: string;
  readonly companyId: number;
  readonly organizationId: string;
  readonly bearer: Readonly<Record<string, string>>;
  readonly apiKey: Readonly<Record<string, string>>;
}

interface Traits {
  readonly userId?: string;
  readonly brandId?: string;
  readonly companyId?: number;
  readonly organizationId?: string;
  readonly roles?: readonly string[];
  readonly scopes?: readonly Scope[];
}

/** A new person; what is not said is theirs alone. By default an administrator, so that they may do everything. */
export async function person(api: Api, traits: Traits = {}): Promise<Person> {
  const who = {
    userId: traits.userId ?? randomUUID(),
    brandId: traits.brandId ?? `brand-${randomUUID()}`,
    companyId: traits.companyId ?? Math.floor(Math.random() * 1e12),
    organizationId: traits.organizationId ?? randomUUID(),
  };
  const roles = traits.roles ?? ['admin'];
  const [bearer, apiKey] = await Promise.all([
    api.bearer({ sub: who.userId, brand_id: who.brandId, company_ids: [who.companyId], roles }),
    api.apiKey({ ...who, ...(traits.scopes && { scopes: traits.scopes }) }),
  ]);
  return { ...who, bearer, apiKey };
}

/** The header with which a person calls an operation. */
export function credentialFor(
  { api }: AnyOperation,
  { bearer, apiKey }: Person,
): Readonly<Record<string, string>> {
  return { none: {}, jwt: bearer, 'api-key': apiKey }[api.auth];
}
