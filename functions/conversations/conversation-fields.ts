import * as field from '../http/schemas.ts';

/**
 * What a user says of a conversation, the same when it is made and when it is edited. A check that its schema cannot say
 * stands here too, as in agent-chat/agent-fields.ts.
 */
export const CONVERSATION_FIELDS = {
  title: field.name,
  effort: field.nullableEffort,
} as const;
