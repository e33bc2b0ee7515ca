import { brandScope } from '../../functions/domain/principal.ts';
import { conversationRef } from '../../functions/domain/thread-ref.ts';
import { uncountConversation } from '../../functions/store/conversations.ts';
import * as keys from '../../functions/store/keys.ts';
import type { Trial } from './trial.ts';

/** Makes a conversation, which is removed in the end. @returns its id @throws StepFailed */
export async function makeConversation({ target, make, forget, forgetThread, undo }: Trial): Promise<string> {
  const scope = brandScope(target.user); // before anything is made: without it nothing could be removed
  const { brandId, userId } = scope;
  const operation = 'POST /v1/conversations';
  const id = await make(operation, { operation, input: { body: {} }, as: 'user', status: 201 });
  forgetThread(conversationRef({ brandId, userId }, id));
  // What a brand that is not ours has used stays told: it was billed.
  if (target.isThrowAway) for (const pk of keys.usageOf(scope.tenant)) forget(pk);
  if (target.isThrowAway) forget(keys.conversationCount(brandId, userId).pk);
  else undo(() => uncountConversation(scope, target.table));
  return id;
}
