import type { Tenancy } from './principal.ts';

/** A client's promise that requests with one key are one request; only hashes of key and request are kept. */
export interface IdempotencyKey {
  readonly keyHash: string;
  readonly requestHash: string;
}

/** The tenant and caller of a request, and its Idempotency-Key, or null where the client sent none. */
export interface IdempotentRequest<Scope = Tenancy> {
  readonly scope: Scope;
  readonly key: IdempotencyKey | null;
}
