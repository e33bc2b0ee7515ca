import * as field from '../http/schemas.ts';

/** What a company says of its thread, the same when it is made and when it is edited. */
export const THREAD_FIELDS = {
  name: field.nullableName,
  description: field.nullableDescription,
} as const;
