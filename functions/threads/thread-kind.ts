import type { FreeJson } from '../domain/json.ts';
import type { Message } from '../domain/message.ts';
import type { HeadChanges } from '../store/advance-head.ts';
import type { Key } from '../store/keys.ts';

/** How a thread of one kind is stored in its own way. Everything else is the same for all of them. */
export interface ThreadKind {
  /** What a message changes in the head, besides the thread's place in its list and its counts. */
  readonly headChanges: (message: Message) => HeadChanges;
  /** The key under which a message is found by its id alone; null where no operation asks for that. */
  readonly messagePointer: ((messageId: string) => Key) | null;
  /** What an answer's metadata says about the question. */
  readonly answerMetadata: (questionId: string) => FreeJson;
}
