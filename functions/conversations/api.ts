import { ParleyError } from '../domain/errors.ts';
import type { Tenancy, User } from '../domain/principal.ts';
import type { Api } from '../http/endpoint.ts';

/** A user talks to an assistant. */
export const ai: Api<'jwt'> = { name: 'ai', auth: 'jwt', errors: 'code' };

/** The brand and user that own a conversation and all in it. */
export interface ConversationScope extends Tenancy {
  readonly brandId: string;
  readonly userId: string;
}

/** @throws ParleyError missing_brand_context when the token names no brand */
export function conversationScope({ brandId, userId }: User): ConversationScope {
  if (brandId === null) throw new ParleyError('missing_brand_context', 'The token names no brand');
  return { tenant: { kind: 'BRAND', id: brandId }, caller: userId, brandId, userId };
}
