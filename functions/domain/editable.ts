/** A thing of which its owner may edit some fields. Both are absent until that happens. */
export interface Editable {
  /** Counts the edits from 1, and nothing else: a message in a thread is none. */
  readonly version?: number;
  /** When the last edit was, RFC 3339. */
  readonly editedAt?: string;
}

/** The version of what was never edited. */
export const FIRST_VERSION = 1;
