import type { Role } from './message.ts';

/** What a user thinks of a message of a thread with an agent. There is one of each user: the last that was given. */
export interface Feedback {
  /** UUIDv7: also says when feedback was first given. */
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly messageId: string;
  readonly messageRole: Role;
  /** The message that an answer was given to; null for any other message. */
  readonly answersId: string | null;
  readonly type: 'positive' | 'negative' | null;
  readonly issueType: string | null;
  readonly comment: string | null;
  /** Where it was given, in the client's words, and what it was about there: for whoever evaluates feedback. */
  readonly source: string;
  readonly contextId: string | null;
  /** When it was last given again, RFC 3339; null where it was given once. */
  readonly editedAt: string | null;
}
