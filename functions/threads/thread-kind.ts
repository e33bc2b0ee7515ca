import type { Context } from '../domain/context.ts';
import type { FreeJson } from '../domain/json.ts';
import type { Message } from '../domain/message.ts';
import type { HeadChanges } from '../store/advance-head.ts';
import type { Key } from '../store/keys.ts';
import type { Profile } from './profile.ts';

/** What a thread of one kind does in its own way. Everything else is the same for all of them. */
export interface ThreadKind {
  /** What a message changes in the head, besides the thread's place in its list and its counts. */
  readonly headChanges: (message: Message) => HeadChanges;
  /** The key under which a message is found by its id alone; null where no operation asks for that. */
  readonly messagePointer: ((messageId: string) => Key) | null;
  /** What an answer's metadata says about the question. */
  readonly answerMetadata: (questionId: string) => FreeJson;
  /** Who answers. @throws ParleyError not_found where there is no such thread, or nobody who answers in it */
  readonly profile: (context: Context) => Promise<Profile>;
}
