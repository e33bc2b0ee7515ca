import { ParleyError } from '../domain/errors.ts';
import { type KeyHolder, SCOPES } from '../domain/principal.ts';
import type { Incoming, KeyHolderContext } from './event.ts';

/** Whose API key the Lambda authorizer has found behind a request. @throws ParleyError unauthorized where it found none */
export async function principalOf({ requestContext }: Incoming): Promise<KeyHolder> {
  return keyHolderOf(requestContext.authorizer?.lambda);
}

function keyHolderOf(context: Partial<KeyHolderContext> | null | undefined): KeyHolder {
  if (!context?.keyId || !context.organizationId || !context.userId) {
    throw new ParleyError('unauthorized', 'An API key is required');
  }
  const granted = (context.scopes ?? '').split(' ');
  return {
    kind: 'key-holder',
    keyId: context.keyId,
    organizationId: context.organizationId,
    userId: context.userId,
    scopes: SCOPES.filter((scope) => granted.includes(scope)),
  };
}
