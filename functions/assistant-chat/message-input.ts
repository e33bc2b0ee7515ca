import { invalid } from '../domain/errors.ts';
import { isBlank } from '../domain/words.ts';
import { type Of, schema } from '../http/schema.ts';
import * as field from '../http/schemas.ts';

export const turnPath = schema({
  type: 'object',
  properties: { thread_id: field.uuid, turn_id: field.uuid },
  required: ['thread_id', 'turn_id'],
});

/** The company, and what becomes of a question while another is being answered. */
export const questionQuery = schema({
  type: 'object',
  properties: {
    company_id: field.integerId,
    on_busy: field.onBusy,
  },
  required: ['company_id'],
});

export const messageBody = schema({
  type: 'object',
  properties: { content: field.nonEmptyText },
  required: ['content'],
});

/** Text that an assistant can answer. */
export function checkQuestion({ content }: Of<typeof messageBody>): void {
  if (isBlank(content)) throw invalid(['body', 'content'], 'must not be blank', 'min_length');
}
