import { notFound } from '../domain/errors.ts';
import { previewOf } from '../domain/first-words.ts';
import type { Message } from '../domain/message.ts';
import type { AskThread } from '../domain/threads.ts';
import type { HeadChanges } from '../store/advance-head.ts';
import type { Lists } from '../store/heads.ts';
import * as keys from '../store/keys.ts';
import type { Profile } from './profile.ts';
import type { ThreadKind } from './thread-kind.ts';

/** A member's thread with the care team: people answer in it. */
export function askThread(): ThreadKind {
  return {
    headChanges,
    messagePointer: null,
    answerMetadata: () => ({}),
  };
}

/** It is listed with the others of its member and, where it is assigned, with those that wait for staff. */
export function askLists({ id, brandId, memberUserId, assignedToUserId, lastMessageId }: AskThread): Lists {
  return {
    gsi1pk: keys.askThreadsOf(brandId, memberUserId),
    gsi2pk: assignedToUserId === null ? undefined : keys.shardOf(keys.askThreadsWaiting(brandId), id),
    gsi2sk: lastMessageId,
  };
}

/** Nobody of ours answers. @throws ParleyError not_found */
export function askProfile(): Promise<Profile> {
  return Promise.reject(notFound('Assistant'));
}

/**
 * A member waits from the first message that staff have not answered: the sort key of the second index, which lists
 * only threads that are assigned, because only these have its partition key.
 */
function headChanges({ role, text }: Message): HeadChanges {
  const values = { ':preview': previewOf(text) };
  return role === 'member'
    ? { sets: ['preview = :preview', 'gsi2sk = if_not_exists(gsi2sk, :id)'], values }
    : { sets: ['preview = :preview'], remove: ['gsi2sk'], values };
}
